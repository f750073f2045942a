import { beforeAll, describe, expect, test } from "vitest";
import { newIdAt } from "../new-id.ts";
import { type Client, startApp } from "../testing/start-app.ts";
import { fold } from "./fold.ts";
import { partPattern } from "./part-pattern.ts";

let now = new Date("2026-03-01T23:00:00Z");
const it = startApp({ clock: () => now });
const path = "/v1/enterprise-customers";

let client: Client;
let scoreId: string;
beforeAll(async () => {
  client = await it.client();
  const field = await client.post(`${path}/customfields`, { label: "Score", type: "NUMBER" });
  scoreId = field.body.data.id;
  const tag = await client.post("/v1/customer-tags", { name: "VIP" });
  const create = async (externalId: string, values: Record<string, string>, more: object = {}) => {
    now = new Date(now.getTime() + 60_000);
    const customfields = Object.entries(values).map(([id, value]) => ({ id, value }));
    const answer = await client.post(path, { external_id: externalId, customfields, ...more });
    expect(answer.status, answer.text).toBe(201);
  };
  const vip = { tag_ids: [tag.body.data.id] };
  await create("A", { city: "Köln-Mülheim", birthday: "1990-01-31", [scoreId]: "9" }, vip);
  await create("B", {
    city: "KOLN",
    birthday: "1990-02-01",
    [scoreId]: "10.5",
    mobilePhone: "+4915123456789",
  });
  await create("C", { city: "Straße 7%", birthday: "2001-12-31", [scoreId]: "-3" });
  await create("D", { notes: "in Cologne" });
  await client.post(`${path}/B/events?external=1`, { type: "booking", start_date: "2026-01-31" });
  now = new Date("2026-03-02T00:00:00Z");
  await client.patch(`${path}/A?external=1`, { booker_id: "later" });
});

const found = async (query: Record<string, string>): Promise<string> => {
  const { status, text, body } = await client.get(path, { query: { sort: "externalId", ...query } });
  expect(status, text).toBe(200);
  const names = body.data.map(({ externalId }: { externalId: string }) => externalId);
  expect(body.total).toBe(names.length);
  return names.join("");
};

describe("a list is filtered by", () => {
  test.each([
    [{ "filter_is[city]": "set" }, "ABC"],
    [{ "filter_is[city]": "unset" }, "D"],
    [{ "filter_is[city]": "set", "filter_is[mobilePhone]": "unset" }, "AC"],
    [{ "filter_from[birthday]": "1990-02-01" }, "BC"],
    [{ "filter_to[birthday]": "1990-02-01" }, "AB"],
    [{ "filter_from[birthday]": "1990-01-31", "filter_to[birthday]": "1990-01-31" }, "A"],
    [{ "filter_contains[city]": "koln" }, "AB"],
    [{ "filter_contains[city]": "N-MÜ" }, "A"],
    [{ "filter_contains[city]": "strasse" }, "C"],
    [{ "filter_contains[city]": "7%" }, "C"],
    [{ "filter_contains[city]": "7.?" }, ""],
    [{ "filter_contains[notes]": "colo", q: "" }, "D"],
    [{ "filter_contains[mobilePhone]": "123 45" }, "B"],
    [{ without_tags: "1" }, "BCD"],
    [{ without_tags: "0" }, "A"],
    [{ has_bookings: "1" }, "B"],
    [{ has_bookings: "false" }, "ACD"],
    [{ created_since: "2026-03-01T23:02:00Z" }, "BCD"],
    [{ created_before: "2026-03-01T23:02:00Z" }, "A"],
    [{ created_since: "2026-03-02" }, ""],
    [{ created_before: "1969-12-31" }, ""],
    [{ updated_before: "2026-03-02" }, "BCD"],
    [{ updated_since: "2026-03-02", updated_before: "2026-03-03" }, "A"],
    [{ "filter_is[city]": "set", has_bookings: "0", created_before: "2026-03-01T23:03:00Z" }, "A"],
    [{ q: "a", "filter_to[birthday]": "1990-01-31" }, "A"],
  ] as [Record<string, string>, string][])("%j", async (query, names) => {
    expect(await found(query)).toBe(names);
    expect(await found({ ...query, sort: "city", sort_type: "desc" })).toHaveLength(names.length);
    const file = await client.get(`${path}/export`, {
      query: { ...query, sort: "externalId", fields: "external_id" },
    });
    expect(file.text.replaceAll(/\W|external_id/g, "")).toBe(names);
  });

  test("numbers by their size, not by their text", async () => {
    expect(await found({ [`filter_from[${scoreId}]`]: "9" })).toBe("AB");
    expect(await found({ [`filter_to[${scoreId}]`]: "9.0" })).toBe("AC");
    expect(await found({ [`filter_from[${scoreId}]`]: "-3", [`filter_to[${scoreId}]`]: "0" })).toBe("C");
  });

  test("a page and its cursor go on through what is found", async () => {
    const query = { "filter_is[city]": "set", sort: "externalId", limit: "2" };
    const first = await client.get(path, { query });
    const second = await client.get(path, { query: { ...query, cursor: first.body.meta.nextCursor } });
    expect(
      [first, second].map(({ body }) => body.data.map((it: { externalId: string }) => it.externalId)),
    ).toEqual([["A", "B"], ["C"]]);
    const other = { ...query, "filter_is[city]": "unset", cursor: first.body.meta.nextCursor };
    expect((await client.get(path, { query: other })).body.errorCode).toBe("CURSOR_INVALID");
  });
});

test("every fault of the filters is told", async () => {
  const { status, body } = await client.get(path, {
    query: {
      "filter_is[nothing]": "set",
      "filter_from[city]": "A",
      "filter_to[birthday]": "2026-02-31",
      [`filter_from[${scoreId}]`]: "many",
      "filter_contains[city]": "\u0301",
      created_since: "2026-02-31",
    },
  });
  expect(status).toBe(400);
  expect(Object.keys(body.details.query).sort()).toEqual(
    [
      "created_since",
      "filter_contains.city",
      `filter_from.${scoreId}`,
      "filter_from.city",
      "filter_is.nothing",
      "filter_to.birthday",
    ].sort(),
  );
});

test("a part of a text is found as if both were folded", async () => {
  const pieces = [
    "a",
    "Ä",
    "a\u0301",
    "ß",
    "ss",
    "SS",
    "æ",
    "ae",
    "ﬁ",
    "fi",
    "Ｋ",
    "k",
    "한",
    "ς",
    "Σ",
    ".",
    "[",
    "\\",
    "-",
    " ",
    "İ",
    "ł",
    "7",
  ];
  let state = newIdAt(now).length;
  const pick = (most: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % most;
  };
  const some = (most: number) =>
    Array.from({ length: 1 + pick(most) }, () => pieces[pick(pieces.length)]).join("");
  const whole = (text: string) => text.normalize("NFC").trim();
  const tried = Array.from({ length: 600 }, () => ({ text: whole(some(8)), part: whole(some(2)) })).filter(
    ({ part }) => fold(part) !== "",
  );
  const { rows } = await it.database.admin.query<{ found: boolean }>(
    "select t ~ p as found from unnest($1::text[], $2::text[]) with ordinality as tried(t, p, n) order by n",
    [tried.map(({ text }) => text), tried.map(({ part }) => partPattern(part))],
  );
  const differing = tried.filter(({ text, part }, at) => rows[at]!.found !== fold(text).includes(fold(part)));
  expect(rows.filter(({ found }) => found).length).toBeGreaterThan(100);
  expect(differing).toEqual([]);
});
