import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll } from "vitest";
import { derivedKeys, loadSigningKeys } from "../keys/signing-keys.ts";
import { finish } from "../webhooks/delivery/dispatcher.ts";
import { type Dispatch, lookAfter } from "../webhooks/delivery/process-endpoint.ts";
import { takeDue } from "../webhooks/delivery/queue.ts";
import { openSend } from "../webhooks/delivery/send.ts";
import { readAllowed } from "../webhooks/delivery/target.ts";
import { keyPurpose } from "../webhooks/secret.ts";
import type { TestApp } from "./start-app.ts";

export type Received = { path: string; headers: IncomingHttpHeaders; body: string };

/** A receiver on this machine: it keeps what it is sent, and answers as it is told to. */
export function startReceiver() {
  const it = {
    url: "",
    received: [] as Received[],
    /** Until it is told otherwise, 204. */
    answer: (_: Received, response: ServerResponse): void => void response.writeHead(204).end(),
    /** The data of what has arrived, parsed. */
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

/** Looks after all webhooks of the test's database that are due by the clock, until none is. */
export function dispatcherOf(app: TestApp, clock: () => Date, more: Partial<Dispatch> = {}) {
  const { send, close } = openSend({ allowed: readAllowed("127.0.0.1"), timeoutMs: 400 });
  afterAll(close);
  const never = new AbortController().signal;

  async function dispatchOf(): Promise<Dispatch> {
    const keys = derivedKeys(await loadSigningKeys(app.database.service), keyPurpose);
    return { pool: app.database.service, keys, send, clock, random: () => 0, ...more };
  }

  return {
    dispatchOf,
    async run(holder = "test"): Promise<void> {
      const { operator } = app.database;
      const dispatch = await dispatchOf();
      for (;;) {
        const due = [];
        for (const isFailing of [false, true])
          due.push(...(await takeDue(operator, holder, { now: clock(), isFailing, limit: 10 })));
        if (due.length === 0) return;
        for (const it of due)
          await finish(operator, holder, it, await lookAfter(dispatch, it, { stopping: never, cut: never }));
      }
    },
    /** What wakes webhooks when something was written. */
    async wake(): Promise<void> {
      await app.database.operator.query("update webhook_queue set due_at = least(due_at, $1)", [clock()]);
    },
  };
}
