import { once } from "node:events";
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from "node:net";
import { finished } from "node:stream/promises";

/** A pooler in session mode that treats startup options as PgBouncer does. */
export type Pooler = { url: (url: string) => string; close(): Promise<void> };

const protocolVersion = 196_608;

/** `options`: whether a connection with startup options is refused, or made without them. */
export async function startPooler(databaseUrl: string, options: "refused" | "ignored"): Promise<Pooler> {
  const upstream = addressOf(databaseUrl);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    client.once("data", (startup) => {
      const parameters = parametersOf(startup);
      if (parameters.has("options") && options === "refused")
        return client.end(errorMessage("unsupported startup parameter: options"));
      parameters.delete("options");
      const session = connect(upstream);
      for (const socket of [client, session]) {
        sockets.add(socket);
        socket.on("error", () => undefined);
      }
      void finished(client)
        .then(undefined, () => undefined)
        .then(() => session.destroy());
      void finished(session)
        .then(undefined, () => undefined)
        .then(() => client.destroy());
      session.write(startupMessage(parameters));
      client.pipe(session);
      withOwnProcessId(session, client);
    });
    client.on("error", () => undefined);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url(url) {
      const address = new URL(url);
      address.searchParams.delete("host");
      address.host = `127.0.0.1:${port}`;
      return address.href;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function addressOf(databaseUrl: string): NetConnectOpts {
  const { hostname, port, searchParams } = new URL(databaseUrl);
  const host = searchParams.get("host") ?? hostname;
  return host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}` } : { host, port: Number(port) };
}

function parametersOf(startup: Buffer): Map<string, string> {
  const texts = startup.subarray(8, -1).toString().split("\0").slice(0, -1);
  return new Map(texts.flatMap((text, index) => (index % 2 === 0 ? [[text, texts[index + 1] ?? ""]] : [])));
}

function startupMessage(parameters: ReadonlyMap<string, string>): Buffer {
  const texts = Buffer.from(`${[...parameters].flat().join("\0")}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + texts.length);
  head.writeInt32BE(protocolVersion, 4);
  return Buffer.concat([head, texts]);
}

function errorMessage(message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0C08P01\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

/** Forwards the server's messages, with another process id in BackendKeyData. */
function withOwnProcessId(from: Socket, to: Socket): void {
  let unread = Buffer.alloc(0);
  const read = (bytes: Buffer) => {
    unread = Buffer.concat([unread, bytes]);
    while (unread.length >= 5) {
      const end = 1 + unread.readInt32BE(1);
      if (unread.length < end) return;
      const message = unread.subarray(0, end);
      if (message[0] === "K".charCodeAt(0)) message.writeInt32BE(1, 5);
      to.write(message);
      unread = unread.subarray(end);
      if (message[0] !== "Z".charCodeAt(0)) continue;
      from.off("data", read);
      to.write(unread);
      from.pipe(to);
      return;
    }
  };
  from.on("data", read);
}
