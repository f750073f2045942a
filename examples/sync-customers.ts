// Keeps a JSON file in step with the customers of an enterprise: node sync-customers.ts FILE [--once]
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createClient, type Item } from "@clientele/sdk";

const { API_URL: baseUrl = "http://127.0.0.1:3030", APP_ID: appId, APP_SECRET: appSecret } = process.env;
const [file, once] = process.argv.slice(2);
if (!file || !appId || !appSecret)
  throw new Error("Usage: APP_ID=… APP_SECRET=… node sync-customers.ts FILE [--once]");

type Customer = { version: number; externalId: string; fields: Record<string, unknown> };
type Copy = { cursor: string; customers: Record<string, Customer> };

const client = createClient({ baseUrl, appId, appSecret });
const copy = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Copy) : await firstCopy();
save();
for await (const { kind, subjectId, version, after } of client.changes({
  cursor: copy.cursor,
  subject: ["customer"],
  once: once === "--once",
  onPage: (cursor) => {
    // The cursor is stored with the changes it stands for, so a restart neither repeats nor skips a change.
    copy.cursor = cursor;
    save();
  },
})) {
  const before = copy.customers[subjectId];
  if (before && version <= before.version) continue;
  if (kind === "deleted") delete copy.customers[subjectId];
  else copy.customers[subjectId] = changed(before, version, after ?? {});
  console.log(`${kind} ${subjectId}, version ${version}`);
}

/** Takes the cursor before the list: changes made while the list is read are applied twice, which does no harm. */
async function firstCopy(): Promise<Copy> {
  const { data } = await client.listChanges({ from: "now" });
  const customers: Copy["customers"] = {};
  for await (const customer of client.each("listCustomers")) customers[customer.id] = listed(customer);
  console.log(`copied ${Object.keys(customers).length} customers`);
  return { cursor: data.nextCursor, customers };
}

/** Version 0: any change of the feed is newer than the list. */
function listed({ externalId = "", fields = [] }: Item<"listCustomers">): Customer {
  return { version: 0, externalId, fields: Object.fromEntries(fields.map(({ id, value }) => [id, value])) };
}

/** `after` has the attributes that changed. Null means that a field is unset. */
function changed(before: Customer | undefined, version: number, after: Record<string, unknown>): Customer {
  const fields = { ...before?.fields, ...(after["fields"] as Record<string, unknown> | undefined) };
  const externalId = "externalId" in after ? String(after["externalId"] ?? "") : (before?.externalId ?? "");
  return {
    version,
    externalId,
    fields: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)),
  };
}

/** Writes a new file and renames it, so that a crash leaves the old copy intact. */
function save(): void {
  writeFileSync(`${file}.part`, JSON.stringify(copy, null, 2));
  renameSync(`${file}.part`, file as string);
}
