import { Problem, statusOf } from "@clientele/contract/errors";
import type { FastifyRequest } from "fastify";
import type { RateLimit } from "../limits/rate-limit.ts";
import type { Parts } from "../request/parts.ts";

/** Limits failed attempts only, to stop the guessing of secrets. */
export async function countingFailures<T>(
  failures: RateLimit,
  { ip }: FastifyRequest,
  { body, query }: Parts,
  run: () => Promise<T>,
): Promise<T> {
  const { appid = "" } = { ...query, ...(body as { appid?: string } | undefined) };
  const key = `${ip}/${appid}`;
  failures.take(key);
  let isRefused = false;
  try {
    return await run();
  } catch (error) {
    isRefused = error instanceof Problem && statusOf(error.code) === 401;
    throw error;
  } finally {
    if (!isRefused) failures.refund(key);
  }
}
