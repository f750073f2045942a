import type { Client, Item } from "@clientele/sdk";
import { Refusal } from "@clientele/server";
import type { Dataset, FieldPlan } from "./dataset.ts";

type Field = Item<"listCustomFields">;

/** What a customer's values and tags are written by. */
export type Definitions = {
  /** The ids of the planned fields, by external id. */
  fieldIds: ReadonlyMap<string, string>;
  tagIds: ReadonlyMap<string, string>;
  fieldsCreated: number;
};

/** Finds the category, the fields and the tags that a dataset needs, and makes those that are missing. */
export async function defined(client: Client, { category, fields, tags }: Dataset): Promise<Definitions> {
  const found = await Array.fromAsync(client.each("listCustomFields"));
  const fieldIds = new Map<string, string>();
  let fieldsCreated = 0;
  let categoryId: string | undefined;
  for (const plan of fields) {
    const field = found.find((it) => isFieldOf(plan, it));
    if (field) {
      fieldIds.set(plan.external_id, field.id);
      await offer(client, field, plan);
    } else {
      categoryId ??= await categoryOf(client, category);
      const { data } = await client.createCustomField({ body: { ...plan, category_id: categoryId } });
      fieldIds.set(plan.external_id, data.id);
      fieldsCreated++;
    }
  }
  return { fieldIds, fieldsCreated, tagIds: await tagIdsOf(client, tags) };
}

/** Ours from an earlier run, or one that the enterprise has anyway. */
function isFieldOf(plan: FieldPlan, field: Field): boolean {
  const isOurs = field.externalId === plan.external_id;
  if (!isOurs && field.label !== plan.label) return false;
  if (field.type === plan.type) return true;
  throw new Refusal(
    `The field "${field.label}" of this enterprise has the type ${field.type}, and the demo needs ${plan.type}: rename it first.`,
  );
}

/** Adds the options that a field does not offer yet, and leaves the others as they are. */
async function offer(
  client: Client,
  field: Field,
  { select_options: planned = [] }: FieldPlan,
): Promise<void> {
  const offered = new Set(field.selectOptions.filter((it) => it.isActive).map((it) => it.value));
  const missing = planned.filter((it) => !offered.has(typeof it === "string" ? it : it.value));
  if (missing.length === 0) return;
  const kept = field.selectOptions
    .filter((it) => it.isActive)
    .map(({ id, value, label, orderIndex }) => ({ id, value, label, order_index: orderIndex }));
  await client.updateCustomField({ fieldId: field.id, body: { select_options: [...kept, ...missing] } });
}

async function categoryOf(client: Client, { external_id, name }: Dataset["category"]): Promise<string> {
  for await (const { id, externalId, name: given } of client.each("listCategories"))
    if (externalId === external_id || given === name) return id;
  return (await client.createCategory({ body: { external_id, name } })).data.id;
}

async function tagIdsOf(client: Client, names: readonly string[]): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  if (names.length === 0) return ids;
  for await (const { id, name } of client.each("listTags")) ids.set(name, id);
  for (const name of names)
    if (!ids.has(name)) ids.set(name, (await client.createTag({ body: { name } })).data.id);
  return ids;
}
