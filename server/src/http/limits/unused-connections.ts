import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

/**
 * Closes, when the service stops, connections that no request has come over: clients open them in advance, and the
 * server would wait for a request that never comes.
 */
export function closeUnusedConnections(app: FastifyInstance): void {
  const unused = new Set<Socket>();
  app.server.on("connection", (socket) => {
    unused.add(socket);
    socket.once("close", () => unused.delete(socket));
  });
  app.server.on("request", ({ socket }) => unused.delete(socket));
  app.addHook("preClose", (done) => {
    // By then nobody is let in any more.
    setImmediate(() => {
      for (const socket of unused) socket.destroy();
    });
    done();
  });
}
