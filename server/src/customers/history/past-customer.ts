import { type CustomerAttribute, customerAttributes } from "@clientele/contract/customers";
import type { Static } from "@clientele/contract/formats";
import type { PastCustomer } from "@clientele/contract/history";
import { type Definitions, definitionsWith, fieldIdOf } from "../../custom-fields/definitions.ts";
import { isMultiple } from "../../custom-fields/field-types.ts";
import { newField } from "../../custom-fields/plan-field.ts";
import { fieldKeysIn } from "../../custom-fields/values/field-key.ts";
import type { EnterpriseDatabase } from "../../database/as-enterprise.ts";
import { textsAt } from "../../journal/changes.ts";
import type { MomentOfRecord } from "../../journal/later-changes.ts";
import { type CustomerRow, customerSerializer } from "../customer-json.ts";
import type { RecordedState } from "../store.ts";
import { valuesTextOf } from "../values-text.ts";
import { type DisplayNames, loadDisplayNames } from "./customer-diff.ts";
import { statesAfter } from "./past-states.ts";

/** A customer at an earlier time. */
export type PastState = RecordedState & { id: string };

/** The customer right after a change; null when it did not exist. */
export async function stateAfter(
  database: EnterpriseDatabase,
  moment: MomentOfRecord,
): Promise<PastState | null> {
  const [state] = await statesAfter(database, [moment]);
  return state ? { ...state, id: moment.subjectId } : null;
}

const attributes = new Set(Object.keys(customerAttributes) as CustomerAttribute[]);
attributes.delete("totalBookings");

/** A past customer in wire format; `number` is that of the change that produced it. */
export async function pastCustomer(
  database: EnterpriseDatabase,
  definitions: Definitions,
  state: PastState,
  { number, updatedAt }: { number: number; updatedAt: string },
): Promise<Static<typeof PastCustomer>> {
  const names = await loadDisplayNames(database, definitions, [{ after: state }]);
  const fieldIds = fieldKeysIn(state.values).map((key) => fieldIdOf(definitions, key));
  const types = await textsAt(database, "type", fieldIds, number);
  const write = customerSerializer(pastDefinitions(names, types), { attributes, fieldIds: null });
  return JSON.parse(write(customerRowOf(state, updatedAt)));
}

/** The definitions with deleted fields and tags, each field with its type at the time. */
function pastDefinitions(
  { definitions, deletedFieldLabels, deletedTagNames }: DisplayNames,
  types: ReadonlyMap<string, string>,
): Definitions {
  const deletedFields = [...deletedFieldLabels].map(([key, label]) => {
    const id = fieldIdOf(definitions, key);
    return { ...newField(id, typeIn(types, id) ?? "TEXT"), number: Number(key), label };
  });
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
function customerRowOf({ id, externalId, values, tagIds }: PastState, updatedAt: string): CustomerRow {
  return [id, externalId, valuesTextOf(values), `{${tagIds.join(",")}}`, "0", updatedAt, "0"];
}
