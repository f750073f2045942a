import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { createApp } from "../../app.ts";
import { startApp } from "../../testing/start-app.ts";

const it = startApp();

test("a stopping service does not wait for connections without a request", async () => {
  const app = await createApp({ database: it.database });
  const address = await app.listen({ host: "127.0.0.1", port: 0 });
  const accepted = once(app.server, "connection");
  const socket = connect(Number(new URL(address).port), "127.0.0.1");
  await accepted;
  const closed = once(socket, "close");
  // Otherwise the server would wait for the headers timeout and longer.
  await app.close();
  await closed;
  expect(socket.destroyed).toBe(true);
});
