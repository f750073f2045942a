import { beforeAll, describe, expect, test } from "vitest";
import { type Answer, type Client, startApp } from "./start-app.ts";

const registry = startApp();
const customers = "/v1/enterprise-customers";
const racers = 64;
const rounds = 20;

let client: Client;
beforeAll(async () => {
  client = await registry.client();
  const uniqueFields = [
    { label: "Badge", type: "TEXT" },
    { label: "Second e-mail", type: "EMAIL" },
  ];
  for (const field of uniqueFields) {
    const { status } = await client.post(`${customers}/customfields`, { ...field, is_unique: true });
    expect(status).toBe(201);
  }
});

/**
 * A slow machine may not have a connection for each request in time: a request refused with Retry-After is repeated.
 */
async function insistent(send: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await send();
    if (answer.status !== 503) return answer;
  }
}

/** Sends the same request from all racers at once: one gets 201, the others the conflict. */
async function race(send: (racer: number) => Promise<Answer>, errorCode: string): Promise<Answer> {
  const answers = await Promise.all(
    Array.from({ length: racers }, (_, racer) => insistent(() => send(racer))),
  );
  const winners = answers.filter(({ status }) => status === 201);
  const refusals = new Set(
    answers
      .filter((answer) => !winners.includes(answer))
      .map(({ status, body }) => `${status} ${body.errorCode}`),
  );
  expect([...refusals]).toEqual([`409 ${errorCode}`]);
  expect(winners).toHaveLength(1);
  return winners[0]!;
}

const countOf = async (text: string, ...values: unknown[]): Promise<number> => {
  const { rows } = await registry.database.admin.query(`select count(*)::integer as count ${text}`, [
    client.enterpriseId,
    ...values,
  ]);
  return rows[0].count;
};

const fieldIdOf = async (label: string): Promise<string> => {
  const { body } = await client.get(`${customers}/customfields`);
  return body.data.find((field: { label: string }) => field.label === label).id;
};

describe(`of ${racers} concurrent claims on one value, one succeeds:`, () => {
  const names = Array.from({ length: rounds }, (_, round) => `round ${round}`);

  test("external id", async () => {
    for (const name of names) {
      const winner = await race(() => client.post(customers, { external_id: name }), "EXTERNAL_ID_TAKEN");
      expect(await countOf("from customers where enterprise_id = $1 and external_id = $2", name)).toBe(1);
      const { id } = winner.body.data;
      expect(await countOf("from changes where enterprise_id = $1 and subject_id = $2", id)).toBe(1);
    }
    const counted = await registry.database.admin.query(
      "select sum(customers)::integer as sum from customer_counts where enterprise_id = $1",
      [client.enterpriseId],
    );
    expect(counted.rows[0].sum).toBe(await countOf("from customers where enterprise_id = $1"));
  });

  test("import customer id", async () => {
    for (const name of names) {
      await race(() => client.post(customers, { import_customer_id: name }), "IMPORT_ID_TAKEN");
      expect(await countOf("from customers where enterprise_id = $1 and import_customer_id = $2", name)).toBe(
        1,
      );
    }
  });

  test("value of a unique field, as the field compares it", async () => {
    const [badge, email] = [await fieldIdOf("Badge"), await fieldIdOf("Second e-mail")];
    for (const [round, name] of names.entries()) {
      const text = (racer: number) => (racer % 2 ? name : ` ${name}\u200B `);
      await race(
        (racer) => client.post(customers, { customfields: [{ id: badge, value: text(racer) }] }),
        "FIELD_VALUE_TAKEN",
      );
      const address = (racer: number) =>
        racer % 2 ? `race${round}@example.com` : `RACE${round}@Example.COM`;
      await race(
        (racer) => client.post(customers, { customfields: [{ id: email, value: address(racer) }] }),
        "FIELD_VALUE_TAKEN",
      );
    }
    for (const fieldId of [badge, email]) {
      const number = "(select number from custom_fields where enterprise_id = $1 and id = $2)";
      const taken = `from unique_values where enterprise_id = $1 and field_number = ${number}`;
      expect(await countOf(taken, fieldId)).toBe(rounds);
      const having = `from customers where enterprise_id = $1 and values ? ${number}::text`;
      expect(await countOf(having, fieldId)).toBe(rounds);
    }
  });

  test("label of a custom field", async () => {
    for (const label of names) {
      await race(() => client.post(`${customers}/customfields`, { label, type: "TEXT" }), "NAME_TAKEN");
    }
  });

  test("name of a category", async () => {
    for (const name of names) {
      await race(() => client.post(`${customers}/customfields/categories`, { name }), "NAME_TAKEN");
    }
  });

  test("name of a tag, in whatever case", async () => {
    for (const name of names) {
      await race(
        (racer) => client.post("/v1/customer-tags", { name: racer % 2 ? name : name.toUpperCase() }),
        "NAME_TAKEN",
      );
    }
  });

  test("place of an external id, by update, import and create together", async () => {
    for (const name of names) {
      const holders = await Promise.all(
        Array.from({ length: 8 }, async (_, index) => {
          const { body } = await client.post(customers, { external_id: `${name}, ${index}` });
          return body.data.id as string;
        }),
      );
      const external_id = `${name}, wanted`;
      const answers = await Promise.all([
        ...holders.map((id) => client.patch(`${customers}/${id}`, { external_id })),
        ...holders.map(() => client.post(customers, { external_id })),
        ...holders.map(() =>
          client.post(`${customers}/import`, { customers: [{ external_id }], mode: "create" }),
        ),
      ]);
      const got = answers.filter(
        ({ status, body }) => status === 201 || (status === 200 && !body.data.failed),
      );
      expect(got).toHaveLength(1);
      for (const { status, body } of answers) {
        const code = status === 409 ? body.errorCode : (body.data.results?.[0].errors[0]?.code ?? "");
        expect(["", "EXTERNAL_ID_TAKEN"]).toContain(code);
        expect([200, 201, 409]).toContain(status);
      }
      const held = "from customers where enterprise_id = $1 and external_id = $2";
      expect(await countOf(held, external_id)).toBe(1);
    }
  });
});

describe("one idempotency key in concurrent requests", () => {
  const send = (name: string) =>
    client.post(customers, { booker_id: name }, { headers: { "idempotency-key": name } });
  const sendAll = (name: string) =>
    Promise.all(Array.from({ length: racers }, () => insistent(() => send(name))));

  test("has one effect, and one answer for all requests that are not refused with Retry-After", async () => {
    for (let round = 0; round < rounds; round++) {
      const answers = await sendAll(`round ${round}`);
      const created = answers.filter(({ status }) => status === 201);
      for (const { status, body } of answers) {
        if (status === 201) continue;
        expect({ status, code: body.errorCode }).toEqual({ status: 409, code: "IDEMPOTENCY_KEY_IN_USE" });
      }
      expect(created.filter(({ headers }) => headers["idempotency-replayed"] === undefined)).toHaveLength(1);
      expect(new Set(created.map(({ text }) => text)).size).toBe(1);
      const effects = "from customers where enterprise_id = $1 and booker_id = $2";
      expect(await countOf(effects, `round ${round}`)).toBe(1);
    }
  });

  test("returns its answer to every later request", async () => {
    const first = await send("done");
    for (let round = 0; round < rounds; round++) {
      for (const { status, headers, text } of await sendAll("done")) {
        expect({ status, replayed: headers["idempotency-replayed"] }).toEqual({
          status: 201,
          replayed: "true",
        });
        expect(text).toBe(first.text);
      }
    }
  });
});
