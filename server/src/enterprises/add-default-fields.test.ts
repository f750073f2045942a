import { beforeAll, describe, expect, test } from "vitest";
import { type DefaultField, defaultFields } from "../custom-fields/default-fields.ts";
import { journalOf } from "../testing/journal.ts";
import { type Client, startApp } from "../testing/start-app.ts";
import { addDefaultFields } from "./add-default-fields.ts";

const app = startApp();
const path = "/v1/enterprise-customers/customfields";
const nickname: DefaultField = { defaultId: "nickname", type: "TEXT", label: "Nickname" };
const pronoun: DefaultField = {
  defaultId: "pronoun",
  type: "SELECT",
  label: "Pronoun",
  options: [["they", "They"]],
};
const fields = [...defaultFields, nickname, pronoun];
const now = new Date("2026-05-01T12:00:00Z");
const add = () => addDefaultFields(app.database.operator, now, { fields });

let client: Client;
let clashing: Client;
beforeAll(async () => {
  client = await app.client();
  clashing = await app.client();
  for (const label of ["Nickname", "Nickname (nickname)"])
    expect((await clashing.post(path, { label, type: "NUMBER" })).status).toBe(201);
});

const fieldsOf = async (of: Client) => (await of.get(path, { query: { limit: "100" } })).body.data;
const named = async (of: Client, defaultId: string) =>
  (await fieldsOf(of)).filter((field: { defaultId: string }) => field.defaultId === defaultId);

describe("a new default field", () => {
  test("is added to every enterprise once, though two processes start at once", async () => {
    // The list is cached by the revision of the definitions before.
    expect(await fieldsOf(client)).toHaveLength(defaultFields.length);
    const counts = await Promise.all([add(), add()]);
    expect(counts[0]! + counts[1]!).toBe(2);
    const added = (await fieldsOf(client)).slice(defaultFields.length);
    expect(added).toMatchObject([
      { defaultId: "nickname", label: "Nickname", isDefault: true, translationKey: "customfields.nickname" },
      { defaultId: "pronoun", type: "SELECT", selectOptions: [{ value: "they", label: "They" }] },
    ]);
    expect(await journalOf(app, added[0].id)).toMatchObject([
      { kind: "created", version: 1, reason: "default_field_added", after: { label: "Nickname" } },
    ]);
    const values = { customfields: [{ id: "nickname", value: "Al" }] };
    expect((await client.post("/v1/enterprise-customers", values)).status).toBe(201);
  });

  test("has another label where the enterprise uses its label", async () => {
    const labels = (await fieldsOf(clashing)).map(({ label }: { label: string }) => label);
    expect(labels).toContain("Nickname (nickname 2)");
    expect(new Set(labels).size).toBe(labels.length);
  });

  test("stays as people change it", async () => {
    const [field] = await named(client, "nickname");
    const change = { label: "Pet name", is_active: false };
    expect((await client.patch(`${path}/${field.id}`, change)).status).toBe(200);
    expect(await add()).toBe(0);
    expect(await named(client, "nickname")).toMatchObject([{ label: "Pet name", isActive: false }]);
  });

  test("is added to an enterprise that was created without it", async () => {
    const later = await app.client();
    expect(await named(later, "nickname")).toHaveLength(0);
    expect(await add()).toBe(1);
    expect(await named(later, "nickname")).toHaveLength(1);
    expect(await addDefaultFields(app.database.operator, now)).toBe(0);
  });
});
