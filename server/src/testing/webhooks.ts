import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll } from "vitest";
import { sql } from "../database/sql.ts";
import { deriveKeys, loadSigningKeys } from "../keys/signing-keys.ts";
import { endpointQueue } from "../webhooks/delivery/endpoint-queue.ts";
import type { DeliveryContext } from "../webhooks/delivery/process-endpoint.ts";
import { openSend } from "../webhooks/delivery/send.ts";
import { readAllowed } from "../webhooks/delivery/target.ts";
import { keyPurpose } from "../webhooks/secret.ts";
import { runQueue } from "./run-queue.ts";
import type { TestApp } from "./start-app.ts";

export type Received = { path: string; headers: IncomingHttpHeaders; body: string };

/** A receiver on this machine: records requests and responds as configured. */
export function startReceiver() {
  const it = {
    url: "",
    received: [] as Received[],
    /** Default: 204. */
    answer: (_: Received, response: ServerResponse): void => void response.writeHead(204).end(),
    /** The parsed data of the received requests. */
    data: () => it.received.map(({ body }) => JSON.parse(body).data),
    types: () => it.received.map(({ body }) => JSON.parse(body).type as string),
  };
  const usual = it.answer;
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece) => pieces.push(piece));
    request.on("end", () => {
      const received = {
        path: request.url!,
        headers: request.headers,
        body: Buffer.concat(pieces).toString("utf8"),
      };
      it.received.push(received);
      it.answer(received, response);
    });
  });
  beforeAll(async () => {
    await once(server.listen(0, "127.0.0.1"), "listening");
    it.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(it, {
    forget() {
      it.received.length = 0;
      it.answer = usual;
    },
  });
}

/** Processes the webhooks of the test's database that are due by the clock, until none is. */
export function deliveriesOf(app: TestApp, clock: () => Date, more: Partial<DeliveryContext> = {}) {
  const { send, close } = openSend({ allowed: readAllowed("127.0.0.1"), timeoutMs: 400 });
  afterAll(close);

  return {
    async run(holder = "test"): Promise<void> {
      const { operator, service: pool } = app.database;
      const keys = deriveKeys(await loadSigningKeys(pool), keyPurpose);
      const context = { pool, keys, send, clock, random: () => 0, ...more };
      await runQueue(operator, endpointQueue(context), holder);
    },
    /** Makes all webhooks due, as a write does. */
    async wake(): Promise<void> {
      await app.database.operator.many(sql`update webhook_queue set due_at = least(due_at, ${clock()})`);
    },
  };
}
