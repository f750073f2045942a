import type { Client, Item } from "@clientele/sdk";
import { OperatorError } from "@clientele/server";
import type { Dataset, FieldPlan } from "./dataset.ts";

type Field = Item<"listCustomFields">;

/** Ids of the dataset's fields and tags in the enterprise. */
export type Definitions = {
  /** Field ids by external ID. */
  fieldIds: ReadonlyMap<string, string>;
  tagIds: ReadonlyMap<string, string>;
  fieldsCreated: number;
};

/** Finds the category, fields and tags of a dataset and creates those that are missing. */
export async function ensureDefinitions(
  client: Client,
  { category, fields, tags }: Dataset,
): Promise<Definitions> {
  const found = await Array.fromAsync(client.each("listCustomFields"));
  const fieldIds = new Map<string, string>();
  let fieldsCreated = 0;
  let categoryId: string | undefined;
  for (const plan of fields) {
    const field = found.find((value) => isFieldOf(plan, value));
    if (field) {
      fieldIds.set(plan.external_id, field.id);
      await addMissingOptions(client, field, plan);
    } else {
      categoryId ??= await ensureCategory(client, category);
      const { data } = await client.createCustomField({ body: { ...plan, category_id: categoryId } });
      fieldIds.set(plan.external_id, data.id);
      fieldsCreated++;
    }
  }
  return { fieldIds, fieldsCreated, tagIds: await ensureTags(client, tags) };
}

/** Matches a field of an earlier run by external ID, or any field with the same label. */
function isFieldOf(plan: FieldPlan, field: Field): boolean {
  const isOurs = field.externalId === plan.external_id;
  if (!isOurs && field.label !== plan.label) return false;
  if (field.type === plan.type) return true;
  throw new OperatorError(
    `The enterprise has a field "${field.label}" of type ${field.type}, but the demo needs type ${plan.type}: rename that field first.`,
  );
}

async function addMissingOptions(
  client: Client,
  field: Field,
  { select_options: planned = [] }: FieldPlan,
): Promise<void> {
  const offered = new Set(
    field.selectOptions
      .filter((selectOption) => selectOption.isActive)
      .map((selectOption) => selectOption.value),
  );
  const missing = planned.filter((value) => !offered.has(typeof value === "string" ? value : value.value));
  if (missing.length === 0) return;
  const existing = field.selectOptions
    .filter((selectOption) => selectOption.isActive)
    .map(({ id, value, label, orderIndex }) => ({ id, value, label, order_index: orderIndex }));
  await client.updateCustomField({ fieldId: field.id, body: { select_options: [...existing, ...missing] } });
}

async function ensureCategory(client: Client, { external_id, name }: Dataset["category"]): Promise<string> {
  for await (const { id, externalId, name: given } of client.each("listCategories"))
    if (externalId === external_id || given === name) return id;
  return (await client.createCategory({ body: { external_id, name } })).data.id;
}

async function ensureTags(client: Client, names: readonly string[]): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  if (names.length === 0) return ids;
  for await (const { id, name } of client.each("listTags")) ids.set(name, id);
  for (const name of names)
    if (!ids.has(name)) ids.set(name, (await client.createTag({ body: { name } })).data.id);
  return ids;
}
