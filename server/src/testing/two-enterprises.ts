import { scopes } from "@clientele/contract/route";
import { createCompany } from "../companies/provision.ts";
import { newIdAt } from "../ids/new-id.ts";
import type { TargetKind, TargetType } from "./authorization-matrix.ts";
import { addPerson } from "./people.ts";
import type { Client, TestApp } from "./start-app.ts";

const customers = "/v1/enterprise-customers";

/** An enterprise with one record of each kind. Every text in it contains its canary, which identifies a leak. */
export type Enterprise = {
  client: Client;
  canary: string;
  companyIds: [string, string];
  /** The id of one record per changeable kind, and of a deleted one. */
  spare: Record<TargetType, string>;
  deleted: Record<TargetType, string>;
  /** Creates a record of the enterprise and returns its id. */
  make(type: TargetType, name?: string): Promise<string>;
  makeDeleted(type: TargetType): Promise<string>;
  externalId: string;
  customerId: string;
  fieldId: string;
  categoryId: string;
  tagId: string;
  cursor: string;
  /** A cursor of the change feed. */
  changesCursor: string;
};

let enterpriseCount = 0;

/** The path of a delivery. */
const deliveryPath = (webhookId: string, id: string): string => `${webhookId}/deliveries/${id}`;

/** Companies cannot be deleted. */
const forgetCompany = (app: TestApp, id: string) =>
  app.database.admin.query("delete from companies where id = $1", [id]);

/** Imports cannot be deleted: they expire. */
const forgetImport = (app: TestApp, id: string) =>
  app.database.admin.query("delete from customer_imports where id = $1", [id]);

async function enterprise(app: TestApp, canary: string): Promise<Enterprise> {
  const client = await app.client({ name: `${canary} app`, scopes });
  const companyIds = await Promise.all(
    ["north", "south"].map((name) =>
      createCompany(app.database.operator, client.enterpriseId, { name: `${canary} ${name}` }, new Date()),
    ),
  );
  const idOf = async (path: string, body: unknown): Promise<string> => {
    const answer = await client.post(path, body);
    if (answer.status !== 201 && answer.status !== 202) throw new Error(answer.text);
    // The import ends before it is fetched.
    if (answer.status === 202) await app.work();
    return answer.body.data.id;
  };
  const paths: Record<TargetType, string> = {
    customer: customers,
    field: `${customers}/customfields`,
    category: `${customers}/customfields/categories`,
    tag: "/v1/customer-tags",
    import: `/v1/customer-imports?file_name=${canary}`,
    plan: `/v1/customer-imports?file_name=${canary}`,
    webhook: "/v1/webhooks",
    delivery: "/v1/webhooks",
    company: "/v1/companies",
    app: "/v1/apps",
    view: "/v1/customer-views",
    person: "/v1/people",
    invitation: "/v1/people",
  };
  const bodies: Record<TargetType, (name: string) => object> = {
    customer: (name) => ({ external_id: name, customfields: [{ id: "lastName", value: name }] }),
    field: (label) => ({ label, type: "TEXT", is_unique: true, external_id: label }),
    category: (name) => ({ name, external_id: name }),
    tag: (name) => ({ name }),
    import: (name) => ({ customers: [{ external_id: name }, { values: { email: name } }] }),
    plan: (name) => ({ customers: [{ external_id: name }], dry_run: true }),
    webhook: (name) => ({ url: "https://hooks.example.com/", description: name }),
    delivery: (name) => ({ url: "https://hooks.example.com/", description: name }),
    company: (name) => ({ name }),
    app: (name) => ({ name, scopes: ["ADMIN"] }),
    view: (name) => ({ name, definition: { sort: "lastName" } }),
    person: (name) => ({ name }),
    invitation: (name) => ({ email: `${name.replaceAll(" ", "-")}@example.com`, role: "viewer" }),
  };
  const make = async (type: TargetType, name = `${canary} ${type} ${++enterpriseCount}`) => {
    if (type === "person") {
      const { enterpriseId } = client;
      const person = { enterpriseId, role: "viewer", name, companyIds: companyIds.slice(0, 1) } as const;
      return (await addPerson(app.database, person)).personId;
    }
    const id = await idOf(paths[type], bodies[type](name));
    if (type !== "delivery") return id;
    const test = await client.post(`${paths.webhook}/${id}/test`, undefined);
    return deliveryPath(id, test.body.data.id);
  };

  const makeDeleted = async (type: TargetType) => {
    const id = await make(type);
    if (type === "import" || type === "plan") await forgetImport(app, id);
    else if (type === "company") await forgetCompany(app, id);
    // A delivery is deleted with its webhook.
    else {
      const path = type === "invitation" ? "/v1/people/invitations" : paths[type];
      await client.delete(`${path}/${id.slice(0, 24)}`);
    }
    return id;
  };

  const spare = {} as Enterprise["spare"];
  const deleted = {} as Enterprise["deleted"];
  for (const type of Object.keys(paths) as TargetType[]) {
    spare[type] = await make(type);
    deleted[type] = await makeDeleted(type);
  }
  const fieldId = await make("field", `${canary} field`);
  const categoryId = await make("category", `${canary} category`);
  const tagId = await make("tag", `${canary} tag`);
  const externalId = `${canary}-known`;
  const customerId = await idOf(customers, {
    external_id: externalId,
    import_customer_id: `${canary}-import`,
    booker_id: `${canary}-booker`,
    tag_ids: [tagId],
    customfields: [
      { id: "firstName", value: canary },
      { id: "lastName", value: canary },
      { id: "email", value: `${canary}@example.com` },
      { id: fieldId, value: `${canary}-value` },
    ],
  });
  await make("customer");
  await idOf(`${customers}/${customerId}/events`, {
    external_id: `${canary}-event`,
    title: canary,
    start_date: "2026-01-31",
    company_id: companyIds[0],
  });
  const { body } = await client.get(`${customers}?limit=1`);
  const feed = await client.get("/v1/customer-changes?limit=1");
  return {
    client,
    canary,
    companyIds: companyIds as [string, string],
    spare,
    deleted,
    make,
    makeDeleted,
    externalId,
    customerId,
    fieldId,
    categoryId,
    tagId,
    cursor: body.meta.nextCursor,
    changesCursor: feed.body.data.nextCursor,
  };
}

export type TwoEnterprises = { a: Enterprise; b: Enterprise };

export const twoEnterprises = async (app: TestApp): Promise<TwoEnterprises> => ({
  a: await enterprise(app, "canaryAAA"),
  b: await enterprise(app, "canaryBBB"),
});

const anotherType: Record<TargetType, TargetType> = {
  customer: "field",
  field: "customer",
  category: "tag",
  tag: "category",
  import: "customer",
  plan: "tag",
  webhook: "customer",
  delivery: "webhook",
  company: "tag",
  app: "company",
  view: "tag",
  person: "invitation",
  invitation: "person",
};

/** The id of a target, seen from A: newly created if the request will delete it. */
export async function targetId(
  { a, b }: TwoEnterprises,
  type: TargetType,
  kind: TargetKind,
  anew: boolean,
): Promise<string> {
  const one = ({ make, spare }: Enterprise, of: TargetType) => (anew ? make(of) : spare[of]);
  const named = (id: string) => (type === "delivery" ? deliveryPath(a.spare.webhook, id) : id);
  switch (kind) {
    case "own":
      return one(a, type);
    case "foreign":
      return one(b, type);
    case "deleted":
      return a.deleted[type];
    case "never existed":
      return named(newIdAt(new Date()));
    case "malformed":
      return named("0123456789ABCDEF-not-an-id");
    case "another type":
      return named(await one(a, anotherType[type]));
  }
}
