import { createHmac } from "node:crypto";
import { keyOf } from "../secret.ts";

export type Message = { id: string; body: string };

/** The headers of Standard Webhooks, with one signature for each secret. */
export function signedHeaders(
  secrets: readonly string[],
  { id, body }: Message,
  now: Date,
): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    const mac = createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.${body}`);
    return `v1,${mac.digest("base64")}`;
  });
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
}
