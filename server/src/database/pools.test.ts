import { expect, test } from "vitest";
import { startApp } from "../testing/start-app.ts";
import type { OperatorPool, PeoplePool, ServicePool } from "./pools.ts";
import { sql } from "./sql.ts";

const app = startApp();

test("each pool acts as its own database role", async () => {
  const { service, operator, people } = app.database;
  const user = sql<{ name: string }>`select current_user as name`;
  expect(await service.one(user)).toEqual({ name: "clientele_service" });
  expect(await operator.one(user)).toEqual({ name: "clientele_operator" });
  expect(await people.one(user)).toEqual({ name: "clientele_people" });
});

test("a pool does not compile where the pool of another role is wanted", () => {
  const { service, operator, people } = app.database;
  const wanted: [ServicePool, OperatorPool, PeoplePool] = [service, operator, people];
  // @ts-expect-error the operator's pool
  const first: ServicePool = operator;
  // @ts-expect-error the pool of sign-ins
  const second: OperatorPool = people;
  // @ts-expect-error the pool of requests
  const third: PeoplePool = service;
  expect([third, first, second]).toEqual(wanted);
});

test("a pool whose statement fails keeps the connection", async () => {
  const { operator } = app.database;
  await operator.one(sql`select 1`);
  const { idle } = operator.connections;
  await expect(operator.one(sql`select 1 / 0`)).rejects.toMatchObject({ code: "22012" });
  expect(operator.connections).toEqual({ used: 0, idle, pending: 0 });
});
