import { expect } from "vitest";
import type { Client, TestApp } from "./start-app.ts";

export const importsPath = "/v1/customer-imports";

export type Downloaded = { status: number; headers: Record<string, unknown>; bytes: Buffer; text: string };

/** A downloaded file, as bytes. */
export async function download(
  it: TestApp,
  { token }: Client,
  path: string,
  query: Record<string, string> = {},
): Promise<Downloaded> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await it.app.inject({ method: "GET", url: path, query, headers });
  const { statusCode: status, rawPayload: bytes } = answer;
  return { status, headers: answer.headers, bytes, text: new TextDecoder().decode(bytes) };
}

/** Uploads a file, runs the import and returns it. */
export async function imported(
  it: TestApp,
  client: Client,
  file: string | Buffer,
  type: string,
  query: Record<string, string> = {},
) {
  const headers = { "content-type": type };
  const sent = await client.post(importsPath, file, { query: { again: "1", ...query }, headers });
  expect(sent.status, sent.text).toBe(202);
  await it.work();
  const { body } = await client.get(`${importsPath}/${sent.body.data.id}`);
  return body.data;
}
