import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { driverOf } from "../database/pools.ts";
import { type InjectedFailure, type Sabotage, sabotage } from "./sabotage.ts";
import { type Answer, type Client, startApp } from "./start-app.ts";

const registry = startApp();
const customers = "/v1/enterprise-customers";

let client: Client;
let fault: Sabotage;
beforeAll(async () => {
  client = await registry.client();
  fault = sabotage(registry.database.service);
});
afterEach(() => fault.set(null));

type Operation = {
  name: string;
  /** A request with an effect and an idempotency key of its own. */
  prepare(key: string): Promise<(key: string) => Promise<Answer>>;
  status: number;
  /** Minimum number of statements in its transaction. */
  statementsMin: number;
};

const withKey = (key: string) => ({ headers: { "idempotency-key": key } });
const named = (lastName: string) => [{ id: "lastName", value: lastName }];
const existing = async (key: string) => {
  const { body } = await client.post(customers, { external_id: `old-${key}`, customfields: named("Old") });
  return `${customers}/${body.data.id}`;
};

const writes: Operation[] = [
  {
    name: "create a customer",
    status: 201,
    statementsMin: 11,
    async prepare(externalId) {
      const body = { external_id: externalId, customfields: named("New") };
      return (key) => client.post(customers, body, withKey(key));
    },
  },
  {
    name: "update a customer",
    status: 200,
    statementsMin: 12,
    async prepare(name) {
      const path = await existing(name);
      return (key) => client.patch(path, { customfields: named(name) }, withKey(key));
    },
  },
  {
    name: "delete a customer",
    status: 200,
    statementsMin: 11,
    async prepare(name) {
      const path = await existing(name);
      return (key) => client.delete(path, withKey(key));
    },
  },
  {
    name: "import",
    status: 200,
    statementsMin: 12,
    async prepare(name) {
      await existing(name);
      const rows = [`old-${name}`, `${name}-1`, `${name}-2`].map((external_id) => ({
        external_id,
        customfields: named(name),
      }));
      return (key) => client.post(`${customers}/import`, rows, withKey(key));
    },
  },
  {
    name: "create a custom field",
    status: 201,
    statementsMin: 9,
    async prepare(label) {
      return (key) => client.post(`${customers}/customfields`, { label, type: "TEXT" }, withKey(key));
    },
  },
];

/** All rows that a write may leave behind, in one line. */
async function state(): Promise<string> {
  const { rows } = await registry.database.admin.query(
    `select
       (select count(*) || '/' || count(external_id) from customers where enterprise_id = $1) as customers,
       (select count(*) || '/' || coalesce(sum(version), 0) from customer_versions where enterprise_id = $1) as versions,
       (select coalesce(sum(customers), 0) from customer_counts where enterprise_id = $1) as counted,
       (select count(*) from changes where enterprise_id = $1) as changes,
       (select count(*) from custom_fields where enterprise_id = $1) as fields,
       (select definitions_revision from enterprises where key = $1) as revision,
       (select count(*) from idempotency_keys where enterprise_id = $1) as keys`,
    [client.enterpriseId],
  );
  return JSON.stringify(rows[0]);
}

const codes: Record<string, string> = {
  "25P02": "DATABASE_UNAVAILABLE",
  "57P01": "DATABASE_UNAVAILABLE",
  "57P03": "DATABASE_UNAVAILABLE",
  "08006": "DATABASE_UNAVAILABLE",
  "57014": "DATABASE_BUSY",
  "53300": "DATABASE_BUSY",
  "55P03": "DATABASE_BUSY",
  "53100": "STORAGE_FULL",
};
const raced = ["40001", "40P01"];

const everyFault: InjectedFailure[] = [
  ...[...Object.keys(codes), ...raced].map((sqlstate) => ({ sqlstate })),
  "terminated",
  "cut before",
  "cut after",
];

const nameOf = (injectedFailure: InjectedFailure): string =>
  typeof injectedFailure === "string" ? injectedFailure : injectedFailure.sqlstate;
const codeOf = (injectedFailure: InjectedFailure): string =>
  codes[nameOf(injectedFailure)] ?? "DATABASE_UNAVAILABLE";
const losesTheLine = (injectedFailure: InjectedFailure): boolean =>
  codeOf(injectedFailure) === "DATABASE_UNAVAILABLE";

function expectRefusal(answer: Answer, code: string, place: string): void {
  expect({ status: answer.status, code: answer.body.errorCode }, place).toEqual({ status: 503, code });
  expect(answer.headers["retry-after"], place).toMatch(/^[1-9]\d*$/);
  expect(answer.headers["etag"], place).toBeUndefined();
  expect(answer.text, place).not.toMatch(
    /forced|25P02|select|insert|update |transaction is aborted|pg_|at .*\.ts/i,
  );
}

let cases = 0;
const nextKey = () => `case-${++cases}`;

type Place = {
  name: string;
  /** The failed statement is the commit. */
  committing: boolean;
  before: string;
  answer: Answer;
  send(): Promise<Answer>;
};

/** Injects the failure at one position after the other and returns the number of positions. */
async function atEveryPlace(
  { prepare }: Operation,
  planned: InjectedFailure,
  judge: (place: Place) => Promise<void>,
): Promise<number> {
  for (let at = 0; ; at++) {
    const key = nextKey();
    const request = await prepare(key);
    const before = await state();
    fault.set({ fault: planned, at, attempts: "first" });
    const answer = await request(key);
    const { happened, struck } = fault;
    fault.set(null);
    if (happened === 0) return at;
    const name = `${nameOf(planned)} at ${at}: ${struck.slice(0, 60)}`;
    await judge({ name, committing: struck === "commit", before, answer, send: () => request(key) });
  }
}

/** The effect occurs once, regardless of repetitions, and the response matches the stored state. */
async function expectOneEffect(
  operation: Operation,
  send: () => Promise<Answer>,
  place: string,
): Promise<Answer> {
  let answer = await send();
  // The first try holds its key until the server notices the closed connection.
  while (answer.body?.errorCode === "IDEMPOTENCY_KEY_IN_USE") answer = await send();
  expect(answer.status, place).toBe(operation.status);
  const after = await state();
  const again = await send();
  expect(again.headers["idempotency-replayed"], place).toBe("true");
  expect(again.text, place).toBe(answer.text);
  expect(await state(), place).toBe(after);
  return answer;
}

describe.each(writes)("$name", (operation) => {
  const decided: InjectedFailure[] = [
    ...Object.keys(codes).map((sqlstate) => ({ sqlstate })),
    "terminated",
    "cut before",
  ];

  test.each(decided)("with %o at any position: refused, and executed once when repeated", async (planned) => {
    const places = await atEveryPlace(
      operation,
      planned,
      async ({ send, answer, before, name, committing }) => {
        expectRefusal(
          answer,
          committing && losesTheLine(planned) ? "OUTCOME_UNKNOWN" : codeOf(planned),
          name,
        );
        expect(await state(), name).toBe(before);
        const first = await expectOneEffect(operation, send, name);
        expect(first.headers["idempotency-replayed"], name).toBeUndefined();
      },
    );
    expect(places).toBeGreaterThanOrEqual(planned === "cut before" ? 4 : operation.statementsMin);
  });

  test("with its response lost at any position: ambiguous only at the commit, and executed once when repeated", async () => {
    let doubtful = 0;
    await atEveryPlace(operation, "cut after", async ({ send, answer, before, name, committing }) => {
      expectRefusal(answer, committing ? "OUTCOME_UNKNOWN" : "DATABASE_UNAVAILABLE", name);
      expect((await state()) === before, name).toBe(!committing);
      const first = await expectOneEffect(operation, send, name);
      expect(first.headers["idempotency-replayed"], name).toBe(committing ? "true" : undefined);
      doubtful += committing ? 1 : 0;
    });
    expect(doubtful).toBe(1);
  });

  test.each(raced)("that loses a race (%s) at any position: retried, with one effect", async (sqlstate) => {
    const places = await atEveryPlace(operation, { sqlstate }, async ({ send, answer, name }) => {
      expect(answer.status, name).toBe(operation.status);
      expect(answer.headers["idempotency-replayed"], name).toBeUndefined();
      const { id } = answer.body.data;
      if (operation.name.endsWith("a customer") && !operation.name.startsWith("delete")) {
        const fetched = await client.get(`${customers}/${id}`);
        expect({ text: fetched.text, etag: fetched.headers["etag"] }, name).toEqual({
          text: answer.text,
          etag: answer.headers["etag"],
        });
      }
      const again = await expectOneEffect(operation, send, name);
      expect(again.text, name).toBe(answer.text);
    });
    expect(places).toBeGreaterThanOrEqual(operation.statementsMin);
  });

  test.each(raced)(
    "that loses every race (%s): fails after five attempts without an effect",
    async (sqlstate) => {
      for (const at of [0, operation.statementsMin - 1]) {
        const key = nextKey();
        const request = await operation.prepare(key);
        const before = await state();
        fault.set({ fault: { sqlstate }, at, attempts: "every" });
        const answer = await request(key);
        expect(fault.happened).toBe(5);
        fault.set(null);
        expectRefusal(answer, "DATABASE_BUSY", `${sqlstate} at ${at}`);
        expect(await state()).toBe(before);
        await expectOneEffect(operation, () => request(key), `${sqlstate} at ${at}`);
      }
    },
  );
});

describe("a read", () => {
  const reads: [string, () => Promise<Answer>][] = [
    [
      "token",
      () =>
        registry.call("POST", "/v1/auth/token", {
          body: { appid: client.appId, appsecret: client.appSecret },
        }),
    ],
    ["fetch", () => client.get(`${customers}/read?external=1`)],
    ["list", () => client.get(`${customers}?limit=50`)],
  ];
  beforeAll(() => client.post(customers, { external_id: "read", customfields: named("Read") }));

  test.each(reads)(
    "(%s) with an error at any position is refused, and answered when repeated",
    async (_, read) => {
      const expected = await read();
      expect(expected.status).toBe(200);
      for (const planned of everyFault) {
        let places = 0;
        for (; ; places++) {
          fault.set({ fault: planned, at: places, attempts: "first" });
          const answer = await read();
          const { happened } = fault;
          fault.set(null);
          if (happened === 0) break;
          const code = raced.includes(nameOf(planned)) ? "DATABASE_BUSY" : codeOf(planned);
          expectRefusal(answer, code, `${nameOf(planned)} at ${places}`);
          expect((await read()).status).toBe(200);
        }
        expect(places).toBeGreaterThanOrEqual(typeof planned === "string" ? 1 : 2);
      }
    },
  );
});

test("a streamed list is refused before its first row and cut off after it: a complete body never lacks rows", async () => {
  const whole = (await client.get(customers)).text;
  for (const planned of everyFault) {
    let refused = 0;
    for (let at = 0; ; at++) {
      fault.set({ fault: planned, at, attempts: "first" });
      const answer = await client.get(customers).catch(() => "cut off" as const);
      const { happened, struck } = fault;
      fault.set(null);
      if (happened === 0) break;
      if (answer === "cut off") expect(struck).toBe("commit");
      else if (answer.status === 200) expect(answer.text).toBe(whole);
      else {
        const code = raced.includes(nameOf(planned)) ? "DATABASE_BUSY" : codeOf(planned);
        expectRefusal(answer, code, `${nameOf(planned)} at ${at}: ${struck.slice(0, 60)}`);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThanOrEqual(2);
    expect((await client.get(customers)).text).toBe(whole);
  }
});

test("afterwards the pool is complete, and no listener is left", async () => {
  const service = driverOf(registry.database.service);
  expect(service.waitingCount).toBe(0);
  expect(service.idleCount).toBe(service.totalCount);
  const inspect = async () => {
    const connection = await service.connect();
    const listeners = connection.eventNames().map((name) => [name, connection.listenerCount(name)]);
    connection.release();
    return { connection, listeners };
  };
  const before = await inspect();
  for (let round = 0; round < 30; round++) {
    fault.set({ fault: { sqlstate: "57014" }, at: 3, attempts: "first" });
    expect((await client.post(customers, {})).status).toBe(503);
    fault.set(null);
    expect((await client.post(customers, {})).status).toBe(201);
  }
  const after = await inspect();
  expect(after.connection).toBe(before.connection);
  expect(after.listeners).toEqual(before.listeners);
  expect(service.listenerCount("error")).toBe(1);
});
