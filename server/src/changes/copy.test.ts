import { expect, test } from "vitest";
import { type Client, startApp } from "../testing/start-app.ts";

const registry = startApp();
const path = "/v1/customer-changes";
const customers = "/v1/enterprise-customers";

type Copied = {
  /** Of the change that was applied last; 0 when nothing but the list has told of the customer. */
  version: number;
  externalId: string;
  tags: string[];
  fields: Record<string, unknown>;
};
type Copy = Map<string, Copied>;

// biome-ignore lint/suspicious/noExplicitAny: the wire's own.
type Wire = any;

const listed = ({ externalId, tags, fields }: Wire): Copied => ({
  version: 0,
  externalId,
  tags: tags.map(({ id }: Wire) => id).sort(),
  fields: Object.fromEntries(
    fields.map(({ id, isMultiple, value, values }: Wire) => [id, isMultiple ? values : value]),
  ),
});

async function readList(client: Client): Promise<Copy> {
  const copy: Copy = new Map();
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query: Record<string, string> = {
      limit: "20",
      sort: "createdAt",
      ...(cursor === "" ? {} : { cursor }),
    };
    const { body } = await client.get(customers, { query });
    for (const customer of body.data) copy.set(customer.id, listed(customer));
    cursor = body.meta.nextCursor;
  }
  return copy;
}

/** Applies a change, as docs/following-changes.md says it. */
function apply(copy: Copy, { subjectId, kind, version, after }: Wire): void {
  const before = copy.get(subjectId);
  if (before && version <= before.version) return;
  if (kind === "deleted") {
    copy.delete(subjectId);
    return;
  }
  const blank = { version: 0, externalId: "", tags: [], fields: {} };
  const { externalId, tags, fields } = kind === "created" ? blank : (before ?? blank);
  const merged = { ...fields, ...after.fields };
  copy.set(subjectId, {
    version,
    externalId: after.externalId === undefined ? externalId : (after.externalId ?? ""),
    tags: after.tags === undefined ? tags : after.tags.map(({ id }: Wire) => id).sort(),
    fields: Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null)),
  });
}

const withoutVersions = (copy: Copy) =>
  Object.fromEntries([...copy].sort().map(([id, { version: _, ...customer }]) => [id, customer]));

/** What a person, a program and an import do with customers, all at once. */
async function write(client: Client, isEnough: () => boolean): Promise<void> {
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(Math.random() * from.length)];
  const made = async (url: string, body: unknown) => (await client.post(url, body)).body.data.id as string;
  const ids = (await client.get(customers)).body.data.map(({ id }: Wire) => id) as string[];
  const fields = [await made(`${customers}/customfields`, { label: "Drink", type: "TEXT" })];
  fields.push(
    await made(`${customers}/customfields`, {
      label: "Days",
      type: "MULTI_SELECT",
      select_options: ["Monday", "Tuesday"],
    }),
  );
  const tags = [
    await made("/v1/customer-tags", { name: "a" }),
    await made("/v1/customer-tags", { name: "b" }),
  ];
  const step = [
    async () =>
      ids.push(await made(customers, { external_id: `K-${Math.random()}`, tag_ids: [pick(tags)!] })),
    () =>
      client.patch(`${customers}/${pick(ids)}`, {
        external_id: Math.random() < 0.5 ? "" : `K-${Math.random()}`,
      }),
    () =>
      client.patch(`${customers}/${pick(ids)}`, {
        tag_ids: Math.random() < 0.5 ? [] : tags,
        customfields: [
          { id: fields[0], value: Math.random() < 0.5 ? "" : `Tea ${Math.random()}` },
          { id: fields[1], values: Math.random() < 0.5 ? [] : ["Monday"] },
          { id: "mobilePhone", value: "+4915123456789" },
        ],
      }),
    () => client.delete(`${customers}/${pick(ids)}`),
    () =>
      client.post(`${customers}/import`, {
        customers: Array.from({ length: 10 }, (_, row) => ({
          external_id: `R-${row}`,
          values: { notes: `${Math.random()}` },
        })),
      }),
  ];
  const worker = async () => {
    while (!isEnough()) await pick(step)!();
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  // And what changes many at once.
  await client.patch(`${customers}/customfields/${fields[1]}`, {
    select_options: ["Mondays", "Tuesday"],
  });
  await client.delete(`${customers}/customfields/${fields[0]}`);
  await client.delete(`/v1/customer-tags/${tags[0]}`);
}

test("a copy of the list that follows the changes since before the copy equals the registry", async () => {
  const client = await registry.client();
  const rows = Array.from({ length: 100 }, (_, row) => ({
    external_id: `R-${row}`,
    values: { notes: "first" },
  }));
  expect((await client.post(`${customers}/import`, { customers: rows })).body.data.created).toBe(100);

  let applied = 0;
  const writing = { done: false };
  const writers = write(client, () => applied > 500).then(() => {
    writing.done = true;
  });
  const begin = await client.get(path, { query: { from: "now" } });
  let cursor: string = begin.body.data.nextCursor;
  const copy = await readList(client);
  for (;;) {
    const wasDone = writing.done;
    const { body } = await client.get(path, { query: { cursor, subject: "customer", limit: "50" } });
    for (const change of body.data.changes) apply(copy, change);
    // Whoever was interrupted before the cursor was kept applies a page again.
    if (Math.random() < 0.2) for (const change of body.data.changes) apply(copy, change);
    applied += body.data.changes.length;
    cursor = body.data.nextCursor;
    if (wasDone && body.data.isCaughtUp) break;
  }
  await writers;
  expect(applied).toBeGreaterThan(500);
  expect(withoutVersions(copy)).toEqual(withoutVersions(await readList(client)));
  // So is one that was made of nothing but the changes.
  const replayed: Copy = new Map();
  let query: Record<string, string> = { subject: "customer" };
  for (let isCaughtUp = false; !isCaughtUp; ) {
    const { data } = (await client.get(path, { query })).body;
    for (const change of data.changes) apply(replayed, change);
    query = { cursor: data.nextCursor, subject: "customer" };
    isCaughtUp = data.isCaughtUp;
  }
  expect(withoutVersions(replayed)).toEqual(withoutVersions(copy));
});
