import { type OperationId, routes } from "@clientele/contract";
import type { Route, Scope } from "@clientele/contract/route";
import { beforeAll, describe, expect, test } from "vitest";
import { importPurge } from "../imports/job/purge.ts";
import { purge } from "../jobs/purge.ts";
import {
  type Expectation,
  matrix,
  type Outcome,
  type Principal,
  principals,
  type Row,
  type TargetKind,
  targetKinds,
} from "./authorization-matrix.ts";
import { foreignPositions, takenElsewhere } from "./foreign-positions.ts";
import { headersOf } from "./principals.ts";
import { openSearchView } from "./search-view.ts";
import { type Answer, startApp } from "./start-app.ts";
import { type Enterprise, type TwoEnterprises, targetId, twoEnterprises } from "./two-enterprises.ts";
import { type Rewriting, withoutPredicates } from "./without-predicates.ts";

test("every operation of the contract has a row in the matrix", () => {
  const needToken = (Object.keys(routes) as OperationId[]).filter((id) => routes[id].scope !== null);
  expect(Object.keys(matrix).sort()).toEqual(needToken.sort());
  for (const id of needToken) {
    const row: Row = matrix[id as keyof typeof matrix];
    expect(row.target === null, id).toBe(!routes[id].path.includes("{"));
    expect(row.body !== undefined, id).toBe("body" in routes[id]);
  }
});

const everyone = Object.keys(principals) as Principal[];
/** Principals limited to their enterprise: their requests are repeated with either lock disabled. */
const borderers: Principal[] = [
  "A",
  "B",
  "A for one company, with it",
  "A for one company, with another",
  "A with a company of B",
  "B with a company of A",
  "an app of B in a token that says A",
];

const locks = [
  { name: "with both locks", rowSecurity: true, predicates: true, asking: everyone },
  { name: "without row-level security", rowSecurity: false, predicates: true, asking: borderers },
  { name: "without the service's own predicates", rowSecurity: true, predicates: false, asking: borderers },
];

describe.each(locks)("$name", ({ rowSecurity, predicates, asking }) => {
  const registry = startApp();
  let both: TwoEnterprises;
  let headers: Awaited<ReturnType<typeof headersOf>>;
  let tables: string[];
  let rewriting: Rewriting;
  let isOff = false;

  beforeAll(async () => {
    const { rows } = await registry.database.admin.query<{ name: string }>(
      `select relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'enterprise_id'
       where c.relnamespace = 'clientele'::regnamespace and c.relkind in ('r', 'p') order by 1`,
    );
    tables = rows.map(({ name }) => name);
    rewriting = withoutPredicates(registry.database.service, tables, () => isOff);
    both = await twoEnterprises(registry);
    headers = await headersOf(registry, both);
    isOff = !predicates;
    if (!rowSecurity) {
      await switchRowSecurity("disable");
      await openSearchView(registry.database.admin);
    }
  });

  async function switchRowSecurity(to: "enable" | "disable"): Promise<void> {
    for (const table of ["enterprises", ...tables]) {
      await registry.database.admin.query(`alter table ${table} ${to} row level security`);
    }
  }

  const call = async (
    sender: Principal | Enterprise,
    [method, path, body]: readonly [string, string, unknown?],
    more: Record<string, string> = {},
  ): Promise<Answer> => {
    const authorization =
      typeof sender === "string" ? headers[sender] : { authorization: sender.client.token };
    const answer = await registry.call(method, path, {
      headers: { ...authorization, ...more },
      ...(body === undefined ? {} : { body }),
    });
    const isB = typeof sender === "string" ? sender.startsWith("B") : sender === both.b;
    // A response may contain what its request sent; a request with a canary of the other enterprise states it.
    if (!path.includes("canary") && !JSON.stringify(body ?? "").includes("canary")) {
      expect(answer.text, `${method} ${path}`).not.toContain(isB ? both.a.canary : both.b.canary);
    }
    return answer;
  };

  const outcomeOf = ({ status, body }: Answer): string =>
    status < 400 ? String(status) : `${status} ${body.errorCode}`;

  /** Everything a caller can see of a response, except for what differs between any two. */
  const seen = ({ text, headers: { "x-request-id": _, date: __, ratelimit: ___, ...rest } }: Answer) =>
    JSON.stringify([rest, text]);

  let named = 0;
  async function ask(principal: Principal, id: keyof typeof matrix, kind: TargetKind): Promise<Answer> {
    const row: Row = matrix[id];
    const { method, path }: Route = routes[id];
    const anew = routes[id].method === "DELETE";
    const comesBack = id === "restoreCustomer" && kind === "deleted";
    const target =
      row.target === null
        ? ""
        : comesBack
          ? await both.a.makeDeleted(row.target)
          : await targetId(both, row.target, kind, anew);
    return call(principal, [method, path.replace(/\{.*\}/, target), row.body?.(`name ${++named}`)]);
  }

  function expected(principal: Principal, id: keyof typeof matrix, kind: TargetKind): Outcome {
    const row: Row = matrix[id];
    const expectation: Expectation = principals[principal][routes[id].scope as Scope];
    const isForOne = principal.startsWith("A for one company");
    const isMaker = principal === "A" || principal === "A without the Bearer";
    if (expectation === "own" && row.isPersonal && !isMaker) return row.outcomes["never existed"];
    if (expectation === "own") return (isForOne && row.forOneCompany?.[kind]) || row.outcomes[kind];
    if (expectation !== "foreign") return expectation;
    // Seen from B, its own is foreign to A, and everything of A is foreign.
    if (row.target === null || kind === "foreign") return row.outcomes.own;
    return row.outcomes[kind === "never existed" || kind === "malformed" ? kind : "foreign"];
  }

  const contents = async ({ client: { enterpriseId } }: Enterprise): Promise<string[]> => {
    const found: string[] = [];
    for (const table of tables) {
      const { rows } = await registry.database.admin.query<{ hash: string }>(
        `select md5(coalesce(string_agg(t::text, E'\\n' order by t::text), '')) as hash from ${table} t
         where enterprise_id = $1`,
        [enterpriseId],
      );
      found.push(`${table} ${rows[0]!.hash}`);
    }
    return found;
  };

  const operations = Object.keys(matrix) as (keyof typeof matrix)[];

  test.each(asking)("%s", async (principal) => {
    const refusals = new Set<string>();
    for (const id of operations) {
      const missing = new Map<string, string>();
      for (const kind of targetKinds) {
        if (matrix[id].target === null && kind !== "own") continue;
        const answer = await ask(principal, id, kind);
        const place = `${principal}: ${id} of ${kind}`;
        expect(outcomeOf(answer), `${place} ${answer.text.slice(0, 300)}`).toBe(
          expected(principal, id, kind),
        );
        if (answer.status === 404) missing.set(seen(answer), kind);
        if (answer.status === 401 || answer.status === 403) refusals.add(answer.text);
      }
      expect([...missing.values()].length, `${principal}: ${id} ${[...missing.keys()]}`).toBeLessThan(2);
    }
    // A refusal reveals nothing about the requested record.
    expect(refusals.size).toBeLessThan(2);
  });

  test("a refused request changes nothing, and B changes nothing of A's", async () => {
    const targets = new Map<string, string>();
    for (const id of operations) {
      const { target } = matrix[id] as Row;
      if (target !== null) targets.set(id, await both.a.make(target));
    }
    const before = await contents(both.a);
    for (const principal of asking) {
      for (const id of operations) {
        const expectation: Expectation = principals[principal][routes[id].scope as Scope];
        if (expectation === "own") continue;
        const { method, path }: Route = routes[id];
        const row: Row = matrix[id];
        await call(principal, [
          method,
          path.replace(/\{\w+\}/, targets.get(id) ?? ""),
          row.body?.(`name ${++named}`),
        ]);
      }
    }
    expect(await contents(both.a)).toEqual(before);
  });

  test("an import that is planned, applied and undone stays in its enterprise, whatever its rows name", async () => {
    const { a, b } = both;
    // Records that the matrix sent.
    await registry.work();
    const before = await contents(b);
    const rows = [
      { external_id: b.externalId, values: { [a.fieldId]: `${b.canary}-value` } },
      { id: b.customerId, values: { notes: "x" } },
      { import_customer_id: `${b.canary}-import` },
      { id: a.spare.customer, values: { notes: "x" } },
    ];
    const imported = async (path: string, body: unknown) => {
      const answer = await call(a, ["POST", path, body]);
      expect(answer.status, answer.text).toBe(202);
      await registry.work();
      return (await call(a, ["GET", `/v1/customer-imports/${answer.body.data.id}`])).body.data;
    };
    const counts = { phase: "completed", created: 2, updated: 1, failed: 1 };
    const plan = await imported("/v1/customer-imports", { customers: rows, dry_run: true });
    expect(plan).toMatchObject(counts);
    const applied = await imported(`/v1/customer-imports/${plan.id}/apply`, {});
    expect(applied).toMatchObject(counts);
    const undone = await imported(`/v1/customer-imports/${applied.id}/undo`, {});
    expect(undone).toMatchObject({ phase: "completed", deleted: 2, updated: 1, failed: 0 });
    expect(await contents(b)).toEqual(before);
    const atomic = await imported("/v1/customer-imports", { customers: rows.slice(0, 1), atomic: true });
    expect(atomic).toMatchObject({ phase: "completed", created: 1 });
    await imported(`/v1/customer-imports/${atomic.id}/undo`, {});
    expect(await contents(b)).toEqual(before);
    await purge(registry.database, importPurge, new Date(Date.now() + 31 * 86_400_000));
    expect((await call(a, ["GET", "/v1/customer-imports"])).body.total).toBe(0);
  });

  test.each(foreignPositions)(
    "an id of the other enterprise as $name is treated as unknown",
    async (position) => {
      const { a, b } = both;
      const before = await contents(b);
      const answers: string[] = [];
      for (const id of [position.idOf(b), position.unknown]) {
        const answer = await call(a, position.request(a, id));
        expect(outcomeOf(answer), answer.text.slice(0, 300)).toBe(position.outcome);
        const without = seen(answer).replaceAll(id, "<id>").replaceAll(encodeURIComponent(id), "<id>");
        answers.push(
          without.replaceAll(/"content-length":"\d+"/g, "").replaceAll(/[0-9a-f]{24}/g, "<new id>"),
        );
        expect(answer.text.replaceAll(id, "")).not.toContain(b.canary);
        if (method(position.request(a, id)) === "GET" && answer.status === 200) {
          expect(answer.body).toMatchObject({ data: [], total: 0 });
        }
        if (answer.body.data?.results !== undefined) {
          const [result] = answer.body.data.results;
          expect([result.outcome, result.id]).toEqual([
            position.name === "values of an import" ? "created" : "failed",
            null,
          ]);
        }
      }
      expect(answers[0]).toBe(answers[1]);
      expect(await contents(b)).toEqual(before);
      // Control: the same request with an own id has another result, so the position is really read.
      const own = await call(a, position.request(a, position.idOf(a)));
      expect(
        seen(own)
          .replaceAll(position.idOf(a), "<id>")
          .replaceAll(/[0-9a-f]{24}/g, "<new id>"),
      ).not.toBe(answers[0]);
    },
  );

  const method = ([name]: readonly [string, ...unknown[]]): string => name;

  test.each(takenElsewhere)(
    "$name that is taken in the other enterprise is free",
    async ({ name, request }) => {
      const { a, b } = both;
      const before = await contents(b);
      expect((await call(a, request(a, b, await a.make("customer")))).status).toBe(201);
      expect(await contents(b)).toEqual(before);
      // In the enterprise itself it is taken: an event with the name is updated, or a second one is refused.
      const again = await call(b, request(b, b, b.customerId));
      expect(again.status).toBe(name === "external id of an event" ? 201 : 409);
    },
  );

  test("an idempotency key belongs to one app of one enterprise", async () => {
    const key = { "idempotency-key": "the same for all" };
    const send = (sender: Enterprise, name: string) =>
      call(sender, ["POST", "/v1/enterprise-customers", { external_id: name }], key);
    const another = await registry.client({ enterpriseId: both.a.client.enterpriseId });
    const answers = [
      await send(both.b, "b"),
      await send(both.a, "a"),
      await another.post("/v1/enterprise-customers", { external_id: "another" }, { headers: key }),
      await send(both.a, "a"),
      await send(both.a, "changed"),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 422]);
    expect(answers.map(({ headers }) => headers["idempotency-replayed"])).toEqual([
      undefined,
      undefined,
      undefined,
      "true",
      undefined,
    ]);
    expect(answers[3]!.text).toBe(answers[1]!.text);
    expect(new Set(answers.slice(0, 3).map(({ body }) => body.data.id)).size).toBe(3);
  });

  test("an ETag of the other enterprise's customer matches nothing", async () => {
    const path = `/v1/enterprise-customers/${both.b.customerId}`;
    const { headers: answered } = await call(both.b, ["GET", path]);
    const etag = String(answered["etag"]);
    expect((await call(both.a, ["GET", path], { "if-none-match": etag })).status).toBe(404);
    expect((await call(both.a, ["GET", path], { "if-none-match": "*" })).status).toBe(404);
    expect((await call(both.a, ["DELETE", path], { "if-match": etag })).status).toBe(404);
  });

  test("every statement limits its rows to an enterprise", () => {
    expect([...rewriting.unguarded]).toEqual([]);
    // The number of rewritten statements proves that the predicates were really disabled.
    expect(rewriting.rewritten.size > 40).toBe(!predicates);
  });

  test("with the other lock disabled as well, the matrix detects the leak", async () => {
    if (rowSecurity && predicates) return;
    isOff = true;
    await switchRowSecurity("disable");
    const path = `/v1/enterprise-customers/${both.b.customerId}`;
    const leaked = await registry.call("GET", path, { headers: headers["A"] });
    isOff = !predicates;
    if (rowSecurity) await switchRowSecurity("enable");
    expect(leaked.status).toBe(200);
    expect(leaked.text).toContain(both.b.canary);
    expect((await registry.call("GET", path, { headers: headers["A"] })).status).toBe(404);
  });
});
