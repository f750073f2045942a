import { beforeAll, describe, expect, test } from "vitest";
import { type Client, startApp } from "./start-app.ts";

const registry = startApp();
const customers = "/v1/enterprise-customers";
const writers = 32;
const rounds = 20;

let client: Client;
let fieldIds: string[];
beforeAll(async () => {
  client = await registry.client();
  fieldIds = [];
  for (let index = 0; index < writers; index++) {
    const field = { label: `Field ${index}`, type: "TEXT" };
    const { body } = await client.post(`${customers}/customfields`, field);
    fieldIds.push(body.data.id);
  }
});

const newCustomer = async (): Promise<{ id: string; path: string; etag: string }> => {
  const { body, headers } = await client.post(customers, { customfields: [{ id: "firstName", value: "-" }] });
  return { id: body.data.id, path: `${customers}/${body.data.id}`, etag: String(headers["etag"]) };
};
const versionOf = (etag: unknown): number => Number(/^"(\d+)\./.exec(String(etag))![1]);
const versionsOf = async (id: string): Promise<number[]> => {
  const { rows } = await registry.database.admin.query(
    "select version from changes where enterprise_id = $1 and subject_id = $2 order by number",
    [client.enterpriseId, id],
  );
  return rows.map(({ version }) => version);
};
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe(`${writers} that write one customer at once`, () => {
  test("with If-Match: each new version has one winner, based on the version it read", async () => {
    for (let round = 0; round < rounds; round++) {
      const { id, path, etag } = await newCustomer();
      let current = etag;
      let wins = 0;
      // All writers hold the same version: one wins. The losers read again and retry to the end.
      let waiting = upTo(writers);
      while (waiting.length > 0) {
        const sent = await Promise.all(
          waiting.map(async (writer) => {
            const write = { customfields: [{ id: "firstName", value: `writer ${writer}` }] };
            const answer = await client.patch(path, write, { headers: { "if-match": current } });
            return { writer, answer };
          }),
        );
        const won = sent.filter(({ answer }) => answer.status === 200);
        expect(won).toHaveLength(1);
        for (const { answer } of sent) {
          if (answer.status !== 200)
            expect([answer.status, answer.body.errorCode]).toEqual([412, "VERSION_MISMATCH"]);
        }
        wins += 1;
        const fetched = await client.get(path);
        expect(fetched.text).toBe(won[0]!.answer.text);
        expect(versionOf(fetched.headers["etag"])).toBe(1 + wins);
        current = String(fetched.headers["etag"]);
        // A few contests per round are enough; the others continue in later rounds.
        waiting = waiting
          .filter((value) => value !== won[0]!.writer)
          .slice(0, Math.floor(waiting.length / 2));
      }
      expect(await versionsOf(id)).toEqual(upTo(1 + wins));
    }
  });

  test("without If-Match: writes to different fields are all preserved", async () => {
    for (let round = 0; round < rounds; round++) {
      const { id, path } = await newCustomer();
      const answers = await Promise.all(
        fieldIds.map((fieldId, index) =>
          client.patch(path, { customfields: [{ id: fieldId, value: `${round}/${index}` }] }),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual(fieldIds.map(() => 200));
      const { body, headers } = await client.get(path);
      const values = Object.fromEntries(
        body.data.fields.map((field: { id: string; value: string }) => [field.id, field.value]),
      );
      expect(fieldIds.map((fieldId) => values[fieldId])).toEqual(
        fieldIds.map((_, index) => `${round}/${index}`),
      );
      expect(body.data.firstName).toBe("-");
      expect(versionOf(headers["etag"])).toBe(1 + writers);
      expect(await versionsOf(id)).toEqual(upTo(1 + writers));
      expect(new Set(answers.map(({ headers }) => headers["etag"])).size).toBe(writers);
    }
  });

  test("with imports among the writers: no field is lost either", async () => {
    for (let round = 0; round < rounds; round++) {
      const { id, path } = await newCustomer();
      const answers = await Promise.all(
        fieldIds.map((fieldId, index) =>
          index % 2 === 0
            ? client.patch(path, { customfields: [{ id: fieldId, value: "x" }] })
            : client.post(`${customers}/import`, [{ id, values: { [fieldId]: "x" } }]),
        ),
      );
      for (const { status, body } of answers) expect([status, body.data.failed ?? 0]).toEqual([200, 0]);
      expect((await client.get(path)).body.data.fields).toHaveLength(1 + writers);
    }
  });

  test("with deletes among the writers: one deletes, and later writers get 404", async () => {
    for (let round = 0; round < rounds; round++) {
      const { id, path } = await newCustomer();
      const answers = await Promise.all(
        fieldIds.map((fieldId, index) =>
          index % 4 === 0
            ? client.delete(path)
            : client.patch(path, { customfields: [{ id: fieldId, value: "x" }] }),
        ),
      );
      const deletions = answers.filter((_, index) => index % 4 === 0);
      expect(deletions.filter(({ status }) => status === 200)).toHaveLength(1);
      for (const { status } of answers) expect([200, 404]).toContain(status);
      const updates = answers.filter(({ status }, index) => index % 4 !== 0 && status === 200);
      expect(await versionsOf(id)).toEqual(upTo(2 + updates.length));
      expect((await client.get(path)).status).toBe(404);
    }
  });
});
