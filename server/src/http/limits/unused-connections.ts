import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

/**
 * On stop, closes connections without a request: clients open connections in advance, and the server would wait for
 * requests that never come.
 */
export function closeUnusedConnections(app: FastifyInstance): void {
  const unused = new Set<Socket>();
  app.server.on("connection", (socket) => {
    unused.add(socket);
    socket.once("close", () => unused.delete(socket));
  });
  app.server.on("request", ({ socket }) => unused.delete(socket));
  app.addHook("preClose", (done) => {
    // The server has stopped accepting connections by then.
    setImmediate(() => {
      for (const socket of unused) socket.destroy();
    });
    done();
  });
}
