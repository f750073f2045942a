import { customerFilters } from "@clientele/contract/customers";
import { beforeAll, describe, expect, test } from "vitest";
import { createCompany } from "../../companies/provision.ts";
import { type Client, startApp } from "../../testing/start-app.ts";
import type { FilterName, FilterQuery } from "./filters.ts";

let now = new Date("2026-03-01T12:00:00Z");
const app = startApp({ clock: () => now });
const path = "/v1/enterprise-customers";

let client: Client;
const idOf: Record<string, string> = {};
let tagId = "";
let companyId = "";
beforeAll(async () => {
  client = await app.client();
  const tag = await client.post("/v1/customer-tags", { name: "VIP" });
  tagId = tag.body.data.id;
  companyId = await createCompany(app.database.operator, client.enterpriseId, { name: "North" }, now);
  const create = async (externalId: string, values: Record<string, string>, attributes: object = {}) => {
    now = new Date(now.getTime() + 60_000);
    const customfields = Object.entries(values).map(([id, value]) => ({ id, value }));
    const { status, text, body } = await client.post(path, {
      external_id: externalId,
      customfields,
      ...attributes,
    });
    expect(status, text).toBe(201);
    idOf[externalId] = body.data.id;
  };
  await create(
    "A",
    { firstName: "Anna", lastName: "Adler", city: "Köln", birthday: "1980-05-01" },
    { tag_ids: [tagId] },
  );
  await create("B", { firstName: "Bert", lastName: "Berg", city: "Berlin", birthday: "1990-05-01" });
  await create("C", { firstName: "Cleo", lastName: "Curt", city: "Bonn", birthday: "2000-05-01" });
  await create("D", { firstName: "Dora", lastName: "Dorn" }, { booker_id: "desk" });
  const event = { type: "booking", start_date: "2026-03-10", company_id: companyId };
  expect((await client.post(`${path}/B/events?external=1`, event)).status).toBe(201);
  now = new Date("2026-03-01T12:10:00Z");
  const notes = { customfields: [{ id: "notes", value: "Moved" }] };
  expect((await client.patch(`${path}/C?external=1`, notes)).status).toBe(200);
});

type Sample<Name extends FilterName> = () => [value: NonNullable<FilterQuery[Name]>, selected: string];

/** For each filter a value, and the customers of A, B, C and D that it selects. */
const samples: { [Name in FilterName]: Sample<Name> } = {
  ids: () => [[idOf["A"]!, idOf["C"]!], "AC"],
  external_ids: () => [["B"], "B"],
  tag_ids: () => [[tagId], "A"],
  without_tags: () => [true, "BCD"],
  company_ids: () => [[companyId], "B"],
  first_name_letter: () => ["c", "C"],
  last_name_letter: () => ["d", "D"],
  q: () => ["anna", "A"],
  booker_id: () => ["desk", "D"],
  has_bookings: () => [true, "B"],
  created_since: () => ["2026-03-01T12:03:00Z", "CD"],
  created_before: () => ["2026-03-01T12:03:00Z", "AB"],
  updated_since: () => ["2026-03-01T12:10:00Z", "C"],
  updated_before: () => ["2026-03-01T12:10:00Z", "ABD"],
  filter: () => [{ city: "Berlin" }, "B"],
  filter_is: () => [{ city: "unset" }, "D"],
  filter_from: () => [{ birthday: "1990-05-01" }, "BC"],
  filter_to: () => [{ birthday: "1980-05-01" }, "A"],
  filter_contains: () => [{ city: "ol" }, "A"],
};

/** The parameters of a query string. */
function parametersOf(query: FilterQuery): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]): [string, string][] =>
      typeof value === "object" && !Array.isArray(value)
        ? Object.entries(value).map(([field, text]) => [`${name}[${field}]`, text])
        : [[name, String(value)]],
    ),
  );
}

async function listed(query: FilterQuery): Promise<string> {
  const parameters = { ...parametersOf(query), sort: "externalId" };
  const { status, text, body } = await client.get(path, { query: parameters });
  expect(status, text).toBe(200);
  const names = body.data.map(({ externalId }: { externalId: string }) => externalId).join("");
  expect(body.total).toBe(names.length);
  return names;
}

const exported = { sort: "externalId", fields: "external_id" };
const rowsOf = ({ status, text }: { status: number; text: string }): string => {
  expect(status, text).toBe(200);
  return text.replaceAll(/\W|external_id/g, "");
};

describe.each(Object.keys(customerFilters) as FilterName[])("the filter %s selects customers", (name) => {
  const sample = (): [FilterQuery, string] => {
    const [value, selected] = samples[name]();
    return [{ [name]: value }, selected];
  };

  test("of a list", async () => {
    const [query, selected] = sample();
    expect(await listed(query)).toBe(selected);
    const [value] = Object.values(query);
    const others = [..."ABCD"].filter((one) => !selected.includes(one)).join("");
    if (typeof value === "boolean") expect(await listed({ [name]: !value })).toBe(others);
    expect(others).not.toBe("");
  });

  test("of an export", async () => {
    const [query, selected] = sample();
    const parameters = { ...parametersOf(query), ...exported };
    expect(rowsOf(await client.get(`${path}/export`, { query: parameters }))).toBe(selected);
    const body = { ...exported, fields: [exported.fields], selection: { query } };
    expect(rowsOf(await client.post(`${path}/export`, body))).toBe(selected);
  });

  test("of a bulk change", async () => {
    const [query, selected] = sample();
    const change = { add_tag_ids: [tagId] };
    const body = { selection: { query }, change, dry_run: true };
    const { status, text, body: accepted } = await client.post("/v1/customer-bulk-changes", body);
    expect(status, text).toBe(202);
    expect(accepted.data.rowsTotal).toBe(selected.length);
  });

  test("of a stored view", async () => {
    const [query, selected] = sample();
    const view = await client.post("/v1/customer-views", { name, definition: { query } });
    expect(view.status, view.text).toBe(201);
    expect(await listed(view.body.data.definition.query)).toBe(selected);
  });
});
