import { beforeAll, describe, expect, test } from "vitest";
import { createCompany } from "../../companies/provision.ts";
import { newIdAt } from "../../ids/new-id.ts";
import { type Client, startApp } from "../../testing/start-app.ts";
import { fold } from "../../text/fold.ts";
import { partPattern } from "./contains-pattern.ts";

let now = new Date("2026-03-01T23:00:00Z");
const registry = startApp({ clock: () => now });
const path = "/v1/enterprise-customers";

let client: Client;
let scoreId: string;
beforeAll(async () => {
  client = await registry.client();
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
      [first, second].map(({ body }) =>
        body.data.map((customer: { externalId: string }) => customer.externalId),
      ),
    ).toEqual([["A", "B"], ["C"]]);
    const other = { ...query, "filter_is[city]": "unset", cursor: first.body.meta.nextCursor };
    expect((await client.get(path, { query: other })).body.errorCode).toBe("CURSOR_INVALID");
  });
});

describe("customers of a company", () => {
  let [north, south, empty, foreign] = ["", "", "", ""];
  beforeAll(async () => {
    const { operator } = registry.database;
    const company = (name: string, { enterpriseId } = client) =>
      createCompany(operator, enterpriseId, { name }, now);
    [north, south, empty] = [await company("North"), await company("South"), await company("Empty")];
    const other = await registry.client();
    foreign = await company("Foreign", other);
    const visit = async (of: Client, externalId: string, company_id: string) => {
      const address = `${path}/${externalId}/events?external=1`;
      const answer = await of.post(address, { type: "visit", start_date: "2026-01-30", company_id });
      expect(answer.status, answer.text).toBe(201);
    };
    for (const [externalId, companyId] of [
      ["B", north],
      ["B", north],
      ["C", north],
      ["C", south],
      ["D", south],
    ] as const)
      await visit(client, externalId, companyId);
    await other.post(path, { external_id: "F" });
    await visit(other, "F", foreign);
    await client.post(path, { external_id: "E" });
    await visit(client, "E", north);
    await client.delete(`${path}/E?external=1`);
  });

  const selectedBy = async (of: Client, query: object) => {
    const file = await of.post(`${path}/export`, {
      selection: { query },
      sort: "externalId",
      fields: ["external_id"],
    });
    expect(file.status, file.text).toBe(200);
    const change = { selection: { query }, change: { delete: true }, dry_run: true };
    const job = await of.post("/v1/customer-bulk-changes", { ...change, expected_count: 0 });
    const count = job.status === 202 ? 0 : job.body.extras.count;
    return `${file.text.replaceAll(/\W|external_id/g, "")} ${count}`;
  };

  test("are those with events there, of any of several, and however else they are asked for", async () => {
    for (const [companyIds, more, names] of [
      [[north], {}, "BC"],
      [[north, south], {}, "BCD"],
      [[south], { "filter_is[city]": "set" }, "C"],
      [[south], { q: "d" }, "D"],
      [[south], { without_tags: "0" }, ""],
      [[empty], {}, ""],
      [[foreign, empty], {}, ""],
      [[foreign, south], {}, "CD"],
    ] as const) {
      const query = { company_ids: companyIds.join(","), ...(more as Record<string, string>) };
      expect(await found(query)).toBe(names);
      expect(await found({ ...query, sort: "city", sort_type: "desc" })).toHaveLength(names.length);
      const file = await client.get(`${path}/export`, {
        query: { ...query, sort: "externalId", fields: "external_id" },
      });
      expect(file.text.replaceAll(/\W|external_id/g, "")).toBe(names);
    }
    expect(await selectedBy(client, { company_ids: [north] })).toBe("BC 2");
    expect(await selectedBy(client, { company_ids: [south], q: "d" })).toBe("D 1");
  });

  test("of a company that the caller may not act for are nobody", async () => {
    const limited = await registry.client({ enterpriseId: client.enterpriseId, companyIds: [south] });
    const totalOf = async (company_ids: string) =>
      (await limited.get(path, { query: { company_ids, limit: "1" } })).body.total;
    for (const [asked, total, selected] of [
      [[south], 2, "CD 2"],
      [[north], 0, " 0"],
      [["0".repeat(24)], 0, " 0"],
      [[north, south], 2, "CD 2"],
    ] as const) {
      expect(await totalOf(asked.join(","))).toBe(total);
      expect(await selectedBy(limited, { company_ids: asked })).toBe(selected);
    }
  });
});

test("every error of the filters is told", async () => {
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
  const { rows } = await registry.database.admin.query<{ found: boolean }>(
    "select t ~ p as found from unnest($1::text[], $2::text[]) with ordinality as tried(t, p, n) order by n",
    [tried.map(({ text }) => text), tried.map(({ part }) => partPattern(part))],
  );
  const differing = tried.filter(({ text, part }, at) => rows[at]!.found !== fold(text).includes(fold(part)));
  expect(rows.filter(({ found }) => found).length).toBeGreaterThan(100);
  expect(differing).toEqual([]);
});
