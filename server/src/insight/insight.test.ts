import { scopes } from "@clientele/contract/route";
import { beforeEach, describe, expect, test } from "vitest";
import { createCompany } from "../companies/provision.ts";
import { openAccounts } from "../people/accounts.ts";
import { type Client, startApp } from "../testing/start-app.ts";
import { countUsage } from "../usage/usage-counter.ts";
import { writeUsage } from "../usage/write-usage.ts";

let now = new Date("2030-01-15T09:00:00Z");
const usage = countUsage(() => now);
const app = startApp({ clock: () => now, onAnswered: usage.count });
const customers = "/v1/enterprise-customers";
const insight = "/v1/insight";

let client: Client;
beforeEach(async () => {
  now = new Date("2030-01-15T09:00:00Z");
  client = await app.client();
});
/** Moves the clock to a day and renews the token. */
const on = async (day: string) => {
  now = new Date(`${day}T12:00:00Z`);
  client = await app.client({ enterpriseId: client.enterpriseId });
};
const create = async (body: object = {}): Promise<string> =>
  (await client.post(customers, body)).body.data.id;
const remove = (id: string) => client.delete(`${customers}/${id}`);
const growth = async (query: Record<string, string>) => {
  const { body } = await client.get(`${insight}/growth`, { query });
  return body.data.points.map((point: { start: string; created: number; deleted: number; total: number }) => [
    point.start,
    point.created,
    point.deleted,
    point.total,
  ]);
};

describe("growth", () => {
  test("counts created, deleted and recreated customers and the total per interval", async () => {
    await on("2029-12-31");
    const old = await create();
    await on("2030-01-14");
    const [deleted, back] = [await create(), await create()];
    await on("2030-01-15");
    await remove(deleted);
    await remove(back);
    await on("2030-01-17");
    await client.post(`${customers}/${back}/restore`, {});
    await create();
    expect(await growth({ from: "2030-01-13", to: "2030-01-17" })).toEqual([
      ["2030-01-13", 0, 0, 1],
      ["2030-01-14", 2, 0, 3],
      ["2030-01-15", 0, 2, 1],
      ["2030-01-16", 0, 0, 1],
      ["2030-01-17", 2, 0, 3],
    ]);
    // Later changes are outside of the last interval.
    expect(await growth({ from: "2030-01-14", to: "2030-01-15" })).toEqual([
      ["2030-01-14", 2, 0, 3],
      ["2030-01-15", 0, 2, 1],
    ]);
    expect(await growth({ interval: "week", from: "2030-01-06", to: "2030-01-20" })).toEqual([
      ["2029-12-31", 1, 0, 1],
      ["2030-01-07", 0, 0, 1],
      ["2030-01-14", 4, 2, 3],
    ]);
    expect(await growth({ interval: "month", from: "2029-11-30" })).toEqual([
      ["2029-11-01", 0, 0, 0],
      ["2029-12-01", 1, 0, 1],
      ["2030-01-01", 4, 2, 3],
    ]);
    expect((await client.get(`${customers}?limit=1`)).body.total).toBe(3);
    expect((await client.get(`${customers}/${old}`)).status).toBe(200);
  });

  test("defaults to ninety days and limits the number of intervals", async () => {
    const points = await growth({});
    expect(points).toHaveLength(90);
    expect([points[0]![0], points[89]![0]]).toEqual(["2029-10-18", "2030-01-15"]);
    for (const [query, place] of [
      [{ from: "2030-02-30" }, "from"],
      [{ from: "2030-01-02", to: "2030-01-01" }, "from"],
      [{ from: "2000-01-01" }, "from"],
    ] as const) {
      const answer = await client.get(`${insight}/growth`, { query });
      expect(answer).toMatchObject({ status: 400, body: { errorCode: "REQUEST_INVALID" } });
      expect(Object.keys(answer.body.details.query)).toEqual([place]);
    }
  });
});

describe("current customers", () => {
  let [north, south] = ["", ""];
  beforeEach(async () => {
    const { operator } = app.database;
    north = await createCompany(operator, client.enterpriseId, { name: "North" }, now);
    south = await createCompany(operator, client.enterpriseId, { name: "South" }, now);
    const tag = (await client.post("/v1/customer-tags", { name: "Regular" })).body.data.id;
    await client.post("/v1/customer-tags", { name: "Never" });
    const named = (values: Record<string, string>, more: object = {}) =>
      create({ customfields: Object.entries(values).map(([id, value]) => ({ id, value })), ...more });
    const ann = await named({ firstName: "Ann", email: "ann@example.com" }, { tag_ids: [tag] });
    const bo = await named({ firstName: "Bo" }, { tag_ids: [tag] });
    await named({ lastName: "Cy" });
    const deleted = await named({ firstName: "Di" }, { tag_ids: [tag] });
    const visits = [
      [ann, north],
      [ann, north],
      [ann, south],
      [bo, north],
      [deleted, south],
    ] as const;
    for (const [id, company_id] of visits)
      await client.post(`${customers}/${id}/events`, { start_date: "2030-01-01", company_id });
    await remove(deleted);
  });

  const completeness = async (by: string, of = client) => {
    const { fields } = { fields: (await client.get(`${customers}/customfields`)).body.data };
    const names = new Map(
      fields.map((field: { id: string; defaultId: string }) => [field.id, field.defaultId]),
    );
    const { groups } = (await of.get(`${insight}/completeness${by}`)).body.data;
    return groups.map(
      (group: { companyName: string; customers: number; fields: { fieldId: string; count: number }[] }) => ({
        name: group.companyName,
        customers: group.customers,
        fields: group.fields.length,
        counts: Object.fromEntries(
          group.fields
            .filter((field) => field.count > 0)
            .map((field) => [names.get(field.fieldId), field.count]),
        ),
      }),
    );
  };

  test("completeness counts values per active field, in total and per company", async () => {
    await client.patch(`${customers}/customfields/lastName`, { is_active: false });
    const counts = { firstName: 2, email: 1 };
    expect(await completeness("")).toEqual([{ name: "", customers: 3, fields: 12, counts }]);
    const byCompany = [
      { name: "North", customers: 2, fields: 12, counts },
      { name: "South", customers: 1, fields: 12, counts: { firstName: 1, email: 1 } },
    ];
    expect(await completeness("?by=company")).toEqual(byCompany);
    const limited = await app.client({ enterpriseId: client.enterpriseId, companyIds: [south] });
    expect(await completeness("?by=company", limited)).toEqual(byCompany.slice(1));
  });

  test("completeness is cached for a minute and states its time", async () => {
    const first = await client.get(`${insight}/completeness`);
    await create();
    now = new Date(now.getTime() + 10_000);
    const again = await client.get(`${insight}/completeness`);
    expect(again.text).toBe(first.text);
    expect(first.body.data.asOf).toBe("2030-01-15T09:00:00Z");
  });

  test("companies and tags are counted in descending order", async () => {
    expect((await client.get(`${insight}/companies`)).body.data).toEqual({
      customers: 3,
      companies: [
        { companyId: north, companyName: "North", customers: 2 },
        { companyId: south, companyName: "South", customers: 1 },
      ],
    });
    const limited = await app.client({ enterpriseId: client.enterpriseId, companyIds: [south] });
    expect((await limited.get(`${insight}/companies`)).body.data.companies).toMatchObject([
      { companyId: south },
    ]);
    expect((await client.get(`${insight}/tags`)).body.data).toMatchObject({
      customers: 3,
      untagged: 1,
      tags: [
        { tagName: "Regular", customers: 2 },
        { tagName: "Never", customers: 0 },
      ],
    });
  });
});

test("imports are counted by the day they finished, without dry runs", async () => {
  const imported = async (customersOf: object[], query: Record<string, string> = {}) => {
    await client.post("/v1/customer-imports", customersOf, { query });
    await app.work();
  };
  await on("2030-01-10");
  await imported([{ external_id: "a" }, { external_id: "b" }, { values: { email: "none" } }]);
  await imported([{ external_id: "x" }], { dry_run: "1" });
  await on("2030-01-12");
  await imported([{ external_id: "a", values: { notes: "n" } }, { external_id: "c" }]);
  const days = [
    { day: "2030-01-10", imports: 1, created: 2, updated: 0, failed: 1 },
    { day: "2030-01-12", imports: 1, created: 1, updated: 1, failed: 0 },
  ];
  expect((await client.get(`${insight}/imports`)).body.data).toEqual({ days });
  expect((await client.get(`${insight}/imports?days=2`)).body.data).toEqual({ days: days.slice(1) });
});

describe("API usage", () => {
  const write = () =>
    writeUsage(app.database.housekeeping, usage, (error) => expect.unreachable(String(error)));
  const activity = async () => (await client.get(`${insight}/activity`)).body.data.callers;

  test("is counted per day and caller, with refused and failed requests, and sets lastUsedAt of the app", async () => {
    now = new Date("2030-01-16T23:30:00Z");
    client = await app.client();
    const admin = await app.client({ enterpriseId: client.enterpriseId, scopes });
    await write();
    await client.get(customers);
    await client.get(`${customers}/nobody`);
    await app.database.admin.query("alter table tags rename to tags_away");
    expect((await client.get("/v1/customer-tags")).status).toBe(500);
    await app.database.admin.query("alter table tags_away rename to tags");
    expect(await activity()).toEqual([]);
    await write();
    const counted = { callerKind: "app", callerName: "Test app", callerId: client.appId };
    const first = { ...counted, day: "2030-01-16", requests: 4, refused: 1, failed: 1 };
    expect(await activity()).toEqual([first]);
    now = new Date("2030-01-17T00:15:00Z");
    await client.get(customers);
    await write();
    const [newest, ...later] = await activity();
    expect(newest).toEqual({ ...first, requests: 5 });
    expect(later).toEqual([{ ...counted, day: "2030-01-17", requests: 1, refused: 0, failed: 0 }]);
    const apps = (await admin.get("/v1/apps")).body.data;
    const lastUsed = (id: string) => apps.find((candidate: { id: string }) => candidate.id === id).lastUsedAt;
    expect(lastUsed(client.appId)).toBe("2030-01-17T00:15:00Z");
    expect(lastUsed(admin.appId)).toBeNull();
  });

  test("names people, also removed ones, to administrators, and groups them for others", async () => {
    now = new Date("2030-01-17T09:00:00Z");
    const grace = await app.person({ enterpriseId: client.enterpriseId, name: "Grace" });
    const linus = await app.person({ enterpriseId: client.enterpriseId, name: "Linus" });
    const stranger = await app.person({ name: "Mallory" });
    const reader = await app.client({ enterpriseId: client.enterpriseId });
    client = await app.client({ enterpriseId: client.enterpriseId, scopes });
    for (const person of [grace, grace, linus, stranger]) await person.get("/v1/me");
    await write();
    const changeNames = async () =>
      (await activity())
        .filter(({ callerKind }: { callerKind: string }) => callerKind === "person")
        .map((row: Record<string, unknown>) => [row["callerId"], row["callerName"], row["requests"]]);
    expect(await changeNames()).toEqual([
      [grace.personId, "Grace", 2],
      [linus.personId, "Linus", 1],
    ]);
    const together = (await reader.get(`${insight}/activity`)).body.data.callers;
    expect(together).toContainEqual({
      day: "2030-01-17",
      callerKind: "person",
      callerId: null,
      callerName: "",
      requests: 3,
      refused: 0,
      failed: 0,
    });
    expect(JSON.stringify(together)).not.toMatch(/Grace|Linus/);
    await app.database.admin.query("update members set removed_at = now() where person_id = $1", [
      grace.personId,
    ]);
    await openAccounts(app.database.people).remove(linus.personId);
    expect(await changeNames()).toEqual([
      [grace.personId, "Grace", 2],
      [linus.personId, "", 1],
    ]);
  });

  test("survives a failed write, and invalid tokens count nothing", async () => {
    now = new Date("2030-01-18T23:30:00Z");
    client = await app.client();
    await write();
    await client.get(customers);
    await app.database.admin.query("alter table usage rename to usage_away");
    const fieldErrors: unknown[] = [];
    await writeUsage(app.database.housekeeping, usage, (error) => fieldErrors.push(error));
    await app.database.admin.query("alter table usage_away rename to usage");
    expect(fieldErrors).toHaveLength(1);
    await app.database.admin.query("update apps set revoked_at = $2 where id = $1", [client.appId, now]);
    now = new Date("2030-01-19T00:15:00Z");
    expect((await client.get(customers)).status).toBe(401);
    await write();
    const { rows } = await app.database.admin.query(
      "select day::text, requests::int, refused::int from usage where caller_id = $1 order by 1",
      [client.appId],
    );
    expect(rows).toEqual([
      { day: "2030-01-18", requests: 1, refused: 0 },
      { day: "2030-01-19", requests: 1, refused: 1 },
    ]);
    const used = await app.database.admin.query("select last_used_at as at from apps where id = $1", [
      client.appId,
    ]);
    expect(used.rows[0].at.toISOString()).toBe("2030-01-18T23:30:00.000Z");
  });
});
