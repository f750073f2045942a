import { beforeEach, describe, expect, test } from "vitest";
import { type Client, startApp } from "../../testing/start-app.ts";

const registry = startApp();
const jobs = "/v1/customer-imports";
const customers = "/v1/enterprise-customers";

let client: Client;
beforeEach(async () => {
  client = await registry.client();
});

const csv = (...lines: string[]) => `${lines.join("\n")}\n`;

async function imported(body: string, query: Record<string, string> = {}): Promise<string> {
  const sent = await client.post(jobs, body, { query, headers: { "content-type": "text/csv" } });
  expect(sent.status, sent.text).toBe(202);
  await registry.work();
  return sent.body.data.id;
}

const rowsOf = async (id: string, query: Record<string, string> = {}) =>
  (await client.get(`${jobs}/${id}/rows`, { query })).body;

const idOf = async (externalId: string): Promise<string> =>
  (await client.get(`${customers}/${externalId}?external=1`)).body.data.id;

const fieldId = async (defaultId: string): Promise<string> =>
  (await client.get(`${customers}/customfields/${defaultId}`)).body.data.id;

describe("the rows of an import", () => {
  test("have an outcome line by line", async () => {
    const id = await imported(csv("external_id,Email", "K-1,a@example.com", "K-2,nonsense", "K-1,"));
    const { data, ...rest } = await rowsOf(id);
    expect(rest).toEqual({
      total: 3,
      meta: { page: 1, limit: 10_000, totalItems: 3, totalPages: 1 },
      status: 1,
    });
    expect(data).toEqual([
      {
        index: 0,
        line: 2,
        outcome: "created",
        id: await idOf("K-1"),
        matchedBy: null,
        errors: [],
        warnings: [],
        changes: [],
      },
      {
        index: 1,
        line: 3,
        outcome: "failed",
        id: null,
        matchedBy: null,
        errors: [expect.objectContaining({ path: "Email", code: "FIELD_VALUE_INVALID" })],
        warnings: [],
        changes: [],
      },
      {
        index: 2,
        line: 4,
        outcome: "unchanged",
        id: await idOf("K-1"),
        matchedBy: "external_id",
        errors: [],
        warnings: [expect.objectContaining({ code: "ROW_REPEATED" })],
        changes: [],
      },
    ]);
  });

  test("of a dry run have the planned changes, and no ids of customers that do not exist", async () => {
    const tagId = (await client.post("/v1/customer-tags", { name: "VIP" })).body.data.id;
    await client.post(customers, {
      external_id: "K-1",
      customfields: [{ id: "lastName", value: "Lee" }],
    });
    const id = await imported(
      csv("external_id,Last name,tags,Shoe size", "K-1,Meier,VIP,", "K-2,Hopper,,42", "K-2,Murray,,42"),
      { dry_run: "1", create_fields: "1" },
    );
    expect(tagId).toBeTypeOf("string");
    const { data } = await rowsOf(id);
    const lastName = `fields.${await fieldId("lastName")}`;
    const text = (label: string, before: string | null, after: string | null) => ({ label, before, after });
    expect(data.map((row: { id: string; outcome: string }) => [row.outcome, row.id])).toEqual([
      ["updated", await idOf("K-1")],
      ["created", null],
      ["updated", null],
    ]);
    expect(data[0].changes).toEqual([
      { attribute: "tags", ...text("", null, null), after: ["VIP"] },
      { attribute: lastName, ...text("Last name", "Lee", "Meier") },
    ]);
    expect(data[1].changes).toEqual([
      { attribute: "externalId", ...text("", null, "K-2") },
      { attribute: lastName, ...text("Last name", null, "Hopper") },
      { attribute: expect.stringMatching(/^fields\./), ...text("Shoe size", null, "42") },
    ]);
    expect(data[2].changes).toEqual([{ attribute: lastName, ...text("Last name", "Hopper", "Murray") }]);
  });

  test("are paged and filtered by outcome across chunks", async () => {
    const rows = Array.from({ length: 5_001 }, (_, at) => `K-${at},${at % 100 === 7 ? "nonsense" : ""}`);
    const id = await imported(csv("external_id,Email", ...rows));
    expect((await rowsOf(id, { limit: "1" })).total).toBe(5_001);
    const indexes = async (query: Record<string, string>) => {
      const { data, total } = await rowsOf(id, query);
      return [total, data.map(({ index, line }: { index: number; line: number }) => [index, line])];
    };
    const places = (...of: number[]) => of.map((index) => [index, index + 2]);
    expect(await indexes({ page: "2", limit: "2500" })).toEqual([
      5_001,
      places(...Array.from({ length: 2_500 }, (_, at) => 2_500 + at)),
    ]);
    expect(await indexes({ page: "3", limit: "2499" })).toEqual([5_001, places(4_998, 4_999, 5_000)]);
    expect(await indexes({ page: "9", limit: "2500" })).toEqual([5_001, []]);
    expect(await indexes({ outcome: "failed", page: "5", limit: "6" })).toEqual([
      50,
      places(2_407, 2_507, 2_607, 2_707, 2_807, 2_907),
    ]);
    expect(await indexes({ outcome: "failed" })).toEqual([
      50,
      places(...Array.from({ length: 50 }, (_, at) => 100 * at + 7)),
    ]);
    expect(await indexes({ outcome: "updated" })).toEqual([0, []]);
  });

  test("of an undo are customers in the order of processing", async () => {
    const rows = Array.from({ length: 2_502 }, (_, at) => `K-${at}`);
    const id = await imported(csv("external_id", ...rows));
    const undo = await client.post(`${jobs}/${id}/undo`, {});
    await registry.work();
    const { data, total } = await rowsOf(undo.body.data.id, { limit: "4" });
    expect(total).toBe(2_502);
    expect(data.map((row: Record<string, unknown>) => [row["index"], row["line"], row["outcome"]])).toEqual([
      [0, 2_502, "deleted"],
      [1, 2_503, "deleted"],
      [2, 2, "deleted"],
      [3, 3, "deleted"],
    ]);
  });

  test("of an unknown import are not found", async () => {
    const stranger = await registry.client();
    const id = await imported(csv("external_id", "K-1"));
    for (const path of [id, "0123456789abcdef01234567", "x"]) {
      const answer = await stranger.get(`${jobs}/${path}/rows`);
      expect(answer).toMatchObject({ status: 404, body: { errorCode: "IMPORT_NOT_FOUND" } });
    }
  });
});
