import { expect, test } from "vitest";
import { refuseUnsafe } from "./safety.ts";

const safe = {
  fsync: "on",
  full_page_writes: "on",
  synchronous_commit: "on",
  server_version_num: "150019",
  server_version: "15.19",
  server_encoding: "UTF8",
  in_hot_standby: "off",
  transaction_read_only: "off",
};
const now = new Date("2026-11-21T12:00:00Z");
const check =
  (settings: object, server = now) =>
  () =>
    refuseUnsafe(new Map(Object.entries({ ...safe, ...settings })), { server, own: now });

test("PostgreSQL 15 that keeps what it acknowledges is good", () => {
  expect(check({})).not.toThrow();
  expect(check({ synchronous_commit: "remote_apply" })).not.toThrow();
});

test.each([
  [
    { server_version_num: "140012", server_version: "14.12" },
    "PostgreSQL 14.12: Clientele needs 15 or newer",
  ],
  [{ server_encoding: "SQL_ASCII" }, "encoded in SQL_ASCII: it must be UTF8"],
  [{ fsync: "off" }, "has fsync off and would lose"],
  [{ full_page_writes: "off" }, "has full_page_writes off"],
  [{ synchronous_commit: "off" }, "has synchronous_commit off"],
  [{ in_hot_standby: "on" }, "is read-only, as on a standby: name the address of the primary"],
])("%j is refused", (settings, sentence) => {
  expect(check(settings)).toThrow(sentence);
});

test("a clock that is more than a day off is refused, in either direction", () => {
  expect(check({}, new Date("2026-11-20T12:00:01Z"))).not.toThrow();
  expect(check({}, new Date("2026-11-20T11:59:59Z"))).toThrow("more than a day apart");
  expect(check({}, new Date("2026-11-22T12:00:01Z"))).toThrow("more than a day apart");
});
