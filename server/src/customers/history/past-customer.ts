import { type CustomerAttribute, customerAttributes } from "@clientele/contract/customers";
import type { Static } from "@clientele/contract/formats";
import type { PastCustomer } from "@clientele/contract/history";
import { type Definitions, definitionsWith } from "../../custom-fields/definitions.ts";
import { isMultiple } from "../../custom-fields/field-types.ts";
import { newField } from "../../custom-fields/plan-field.ts";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { changesAfter, textsAt } from "../../journal/changes.ts";
import { type CustomerRow, customerSerializer } from "../customer-json.ts";
import type { CustomerState } from "../store.ts";
import { findCandidates, type Snapshot } from "../write.ts";
import { type DisplayNames, loadDisplayNames } from "./customer-diff.ts";
import { revertChanges } from "./revert.ts";

/**
 * The customer right after a change: starts from the current state and reverts every later change. Reads the
 * current state first, so that a change committed in between is reverted to no effect instead of missed.
 */
export async function stateAfter(
  database: EnterpriseDatabase,
  customerId: string,
  changeId: number,
): Promise<CustomerState | null> {
  const keys = { ids: [customerId], externalIds: [], importCustomerIds: [], uniqueValues: [] };
  const { customers } = await findCandidates(database, keys);
  const changes = await changesAfter<Snapshot>(database, "customer", customerId, changeId);
  const state = revertChanges(customers[0] ?? null, changes);
  return state && { ...state, id: customerId };
}

/** A field attribute as of a change, for fields in which it has changed since or that are deleted. */
const pastFieldTexts = (
  database: EnterpriseDatabase,
  attribute: "type" | "selectOptions",
  { values }: CustomerState,
  changeId: number | null,
): Promise<Map<string, string>> =>
  textsAt(database, attribute, changeId === null ? [] : Object.keys(values), changeId ?? 0);

const attributes = new Set(Object.keys(customerAttributes) as CustomerAttribute[]);
attributes.delete("totalBookings");

/** A past customer in wire format; `changeId` is the change that produced it. */
export async function pastCustomer(
  database: EnterpriseDatabase,
  definitions: Definitions,
  state: CustomerState,
  { changeId, createdAt, updatedAt }: { changeId: number; createdAt: string; updatedAt: string },
): Promise<Static<typeof PastCustomer>> {
  const names = await loadDisplayNames(database, definitions, [{ after: state }]);
  const types = await pastFieldTexts(database, "type", state, changeId);
  const write = customerSerializer(pastDefinitions(names, types), { attributes, fieldIds: null });
  return JSON.parse(write(customerRowOf(state, createdAt, updatedAt)));
}

/** The definitions with deleted fields and tags, each field with its type at the time. */
function pastDefinitions(
  { definitions, deletedFieldLabels, deletedTagNames }: DisplayNames,
  types: Map<string, string>,
): Definitions {
  const deletedFields = [...deletedFieldLabels].map(([id, label]) => ({
    ...newField(id, typeIn(types, id) ?? "TEXT"),
    label,
  }));
  const all = definitionsWith(definitions, deletedFields);
  const fields = all.fields.map((field) => {
    const type = typeIn(types, field.id) ?? field.type;
    return { ...field, type, isMultiple: isMultiple(type) };
  });
  return { ...all, fields, tagNames: new Map([...definitions.tagNames, ...deletedTagNames]) };
}

const typeIn = (types: ReadonlyMap<string, string>, fieldId: string) =>
  types.get(fieldId) as Definitions["fields"][number]["type"] | undefined;

/** The row in PostgreSQL's text format, as the serializer reads it. */
function customerRowOf(
  { id, externalId, values, tagIds }: CustomerState,
  createdAt: string,
  updatedAt: string,
): CustomerRow {
  const valuesJson = Object.entries(values)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([fieldId, value]) => `"${fieldId}": ${JSON.stringify(value)}`);
  return [
    id,
    externalId,
    `{${valuesJson.join(", ")}}`,
    `{${tagIds.join(",")}}`,
    "0",
    createdAt,
    updatedAt,
    "0",
  ];
}
