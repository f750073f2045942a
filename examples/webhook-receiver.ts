// Receives webhooks and verifies their signatures: WEBHOOK_SECRET=whsec_… PORT=4000 node webhook-receiver.ts
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";

const { WEBHOOK_SECRET, PORT = "4000" } = process.env;
if (!WEBHOOK_SECRET) throw new Error("Set WEBHOOK_SECRET to the secret of the webhook.");

type Message = { type: string; data: { subject: string; id: string; version: number } };

const webhook = new Webhook(WEBHOOK_SECRET);
// A program that must not lose messages stores the ids with its data.
const processed = new Set<string>();

const server = createServer(async (request, response) => {
  const body = await textOf(request);
  let message: Message;
  try {
    message = webhook.verify(body, request.headers as Record<string, string>) as Message;
  } catch {
    response.writeHead(400).end("The signature is not valid.");
    return;
  }
  response.writeHead(204).end();
  // A message may arrive twice, with the same webhook-id.
  const id = String(request.headers["webhook-id"]);
  if (processed.has(id)) return;
  processed.add(id);
  console.log(`${message.type} ${message.data.id}`);
});

server.listen(Number(PORT), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  // The signature covers the bytes of the body: parse it only after it is verified.
  return Buffer.concat(chunks).toString("utf8");
}
