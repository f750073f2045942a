import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { newSecret, sealSecret, unsealSecret } from "../secret.ts";
import { signedHeaders } from "./signature.ts";

const messages = Array.from({ length: 1_000 }, (_, index) => ({
  id: `msg_${index}`,
  body: JSON.stringify({ type: "customer.updated", data: { text: `${"ä😀\n".repeat(index % 7)}${index}` } }),
}));

test("1,000 messages verify with the reference library, with either secret of a rotation", () => {
  const [former, secret] = [newSecret(), newSecret()];
  for (const [index, message] of messages.entries()) {
    // It is rotated in the middle.
    const headers = signedHeaders(index < 500 ? [former] : [secret, former], message, new Date());
    expect(new Webhook(former).verify(message.body, headers)).toEqual(JSON.parse(message.body));
    if (index >= 500)
      expect(new Webhook(secret).verify(message.body, headers)).toEqual(JSON.parse(message.body));
  }
});

test("a modified message is refused", () => {
  const secret = newSecret();
  const judge = new Webhook(secret);
  for (const message of messages.slice(0, 100)) {
    const headers = signedHeaders([secret], message, new Date()) as Record<string, string>;
    const touched: [string, Record<string, string>][] = [
      [message.body.replace("customer", "Customer"), headers],
      [`${message.body} `, headers],
      [message.body, { ...headers, "webhook-id": `${message.id}0` }],
      [message.body, { ...headers, "webhook-timestamp": String(Number(headers["webhook-timestamp"]) + 1) }],
      [message.body, signedHeaders([newSecret()], message, new Date())],
      [message.body, signedHeaders([secret], message, new Date(Date.now() - 3_600_000))],
      [message.body, { ...headers, "webhook-signature": "v1," }],
    ];
    for (const [body, changed] of touched) expect(() => judge.verify(body, changed)).toThrow();
    expect(judge.verify(message.body, headers)).toBeTypeOf("object");
  }
});

test("a sealed secret opens only with its key, for its webhook and unmodified", () => {
  const keys = [1, 2].map((fill) => new Uint8Array(32).fill(fill));
  const owner = { enterpriseId: "e", webhookId: "w" };
  const secret = newSecret();
  const stored = sealSecret(keys, owner, secret);
  expect(stored).not.toEqual(sealSecret(keys, owner, secret));
  expect(unsealSecret(keys, owner, stored)).toBe(secret);
  // A newer key has come before it.
  expect(unsealSecret([new Uint8Array(32).fill(3), ...keys], owner, stored)).toBe(secret);
  const touched = Buffer.from(stored);
  touched[touched.length - 1]! ^= 1;
  expect(() => unsealSecret(keys, owner, touched)).toThrow();
  expect(() => unsealSecret(keys.slice(1), owner, stored)).toThrow();
  expect(() => unsealSecret(keys, { ...owner, webhookId: "v" }, stored)).toThrow();
  expect(() => unsealSecret(keys, { ...owner, enterpriseId: "f" }, stored)).toThrow();
});
