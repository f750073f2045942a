import { expect, test } from "vitest";
import { startApp } from "../testing/start-app.ts";
import { createCompany } from "./provision.ts";

const app = startApp();
const path = "/v1/companies";

const names = (body: { data: { name: string }[] }) => body.data.map(({ name }) => name);

test("an app lists the companies of its enterprise in pages, and no others", async () => {
  const client = await app.client();
  const { operator } = app.database;
  const now = new Date("2026-01-31T12:00:00.000Z");
  const berlin = await createCompany(operator, client.enterpriseId, { name: "Berlin", externalId: "B" }, now);
  const later = new Date("2026-02-01T12:00:00.000Z");
  await createCompany(operator, client.enterpriseId, { name: "Aachen" }, later);
  const other = await app.client();
  await createCompany(operator, other.enterpriseId, { name: "Elsewhere" }, now);

  const { body } = await client.get(path);
  expect(body).toMatchObject({ total: 2, meta: { page: 1, limit: 10_000, totalItems: 2, totalPages: 1 } });
  expect(body.data[0]).toEqual({
    id: berlin,
    externalId: "B",
    name: "Berlin",
    createdAt: "2026-01-31T12:00:00Z",
    updatedAt: "2026-01-31T12:00:00Z",
  });
  expect(names(body)).toEqual(["Berlin", "Aachen"]);
  expect(body.data[1].externalId).toBe("");
  expect(names((await client.get(path, { query: { page: "2", limit: "1" } })).body)).toEqual(["Aachen"]);
  expect((await client.get(path, { query: { page: "9" } })).body).toMatchObject({ data: [], total: 2 });
});

test("an app limited to companies lists only those", async () => {
  const all = await app.client();
  const { enterpriseId } = all;
  const { operator } = app.database;
  const own = await createCompany(operator, enterpriseId, { name: "Own" }, new Date());
  const other = await createCompany(operator, enterpriseId, { name: "Other" }, new Date());
  const limited = await app.client({ enterpriseId, companyIds: [own] });
  const { body } = await limited.get(path, { headers: { "company-id": own } });
  expect(names(body)).toEqual(["Own"]);
  expect(body.total).toBe(1);
  expect((await limited.get(path, { headers: { "company-id": other } })).status).toBe(403);
});
