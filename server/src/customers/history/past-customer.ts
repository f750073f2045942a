import { type CustomerAttribute, customerAttributes } from "@clientele/contract/customers";
import type { Static } from "@clientele/contract/formats";
import type { PastCustomer } from "@clientele/contract/history";
import { type Definitions, definitionsWith } from "../../custom-fields/definitions.ts";
import { newField } from "../../custom-fields/plan-field.ts";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { changesAfter, textsAt } from "../../journal/changes.ts";
import { type CustomerRow, customerWriter } from "../render.ts";
import type { CustomerState } from "../store.ts";
import { findKnown, type Snapshot } from "../write.ts";
import { type Names, namesIn } from "./differences.ts";
import { takenBack } from "./revert.ts";

/**
 * A customer as it was when a change had been made: all that followed is taken back from what it is now. What it is
 * now is read first, so that a change in between is taken back in vain and not missed.
 */
export async function stateAfter(
  database: EnterpriseDatabase,
  customerId: string,
  changeId: number,
): Promise<CustomerState | null> {
  const sought = { ids: [customerId], externalIds: [], importCustomerIds: [], uniqueValues: [] };
  const { customers } = await findKnown(database, sought);
  const changes = await changesAfter<Snapshot>(database, "customer", customerId, changeId);
  const state = takenBack(customers[0] ?? null, changes);
  return state && { ...state, id: customerId };
}

/** What an attribute of fields was when a change had been made, as far as it is something else now or they are gone. */
const fieldTextsAfter = (
  database: EnterpriseDatabase,
  attribute: "type" | "selectOptions",
  { values }: CustomerState,
  changeId: number | null,
): Promise<Map<string, string>> =>
  textsAt(database, attribute, changeId === null ? [] : Object.keys(values), changeId ?? 0);

const attributes = new Set(Object.keys(customerAttributes) as CustomerAttribute[]);
attributes.delete("totalBookings");

/** A customer as it was, as the wire has it; `changeId` is the change that had made it so. */
export async function pastCustomer(
  database: EnterpriseDatabase,
  definitions: Definitions,
  state: CustomerState,
  { changeId, createdAt, updatedAt }: { changeId: number; createdAt: string; updatedAt: string },
): Promise<Static<typeof PastCustomer>> {
  const names = await namesIn(database, definitions, [{ after: state }]);
  const types = await fieldTextsAfter(database, "type", state, changeId);
  const write = customerWriter(definitionsThen(names, types), { attributes, fieldIds: null });
  return JSON.parse(write(rowOf(state, createdAt, updatedAt)));
}

/** The definitions with the fields and tags that are gone since, and each field of the type that it had. */
function definitionsThen(
  { definitions, goneFields, goneTags }: Names,
  types: Map<string, string>,
): Definitions {
  const gone = [...goneFields].map(([id, label]) => ({
    ...newField(id, typeIn(types, id) ?? "TEXT"),
    label,
  }));
  const all = definitionsWith(definitions, gone);
  const fields = all.fields.map((field) => {
    const type = typeIn(types, field.id) ?? field.type;
    return { ...field, type, isMultiple: type === "MULTI_SELECT" };
  });
  return { ...all, fields, tagNames: new Map([...definitions.tagNames, ...goneTags]) };
}

const typeIn = (types: ReadonlyMap<string, string>, fieldId: string) =>
  types.get(fieldId) as Definitions["fields"][number]["type"] | undefined;

/** The row as PostgreSQL would write it. */
function rowOf(
  { id, externalId, values, tagIds }: CustomerState,
  createdAt: string,
  updatedAt: string,
): CustomerRow {
  const written = Object.entries(values)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([fieldId, value]) => `"${fieldId}": ${JSON.stringify(value)}`);
  return [id, externalId, `{${written.join(", ")}}`, `{${tagIds.join(",")}}`, "0", createdAt, updatedAt, "0"];
}
