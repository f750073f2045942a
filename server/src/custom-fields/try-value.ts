import type { tryCustomField as contract } from "@clientele/contract/custom-fields";
import { type FieldError, problemOf } from "@clientele/contract/errors";
import type { Operation } from "../call.ts";
import { draftField } from "./definitions.ts";
import { newField, planField } from "./plan-field.ts";
import { readValue } from "./values/value.ts";

/**
 * Validates values against a draft field: the field as in a create, the values as in a write. Stores nothing.
 */
export const tryCustomField: Operation<typeof contract> = async (call, { body }) => {
  const { values, ...written } = body;
  const fieldErrors: FieldError[] = [];
  const { field } = planField(
    newField(call.newId(), body.type),
    { ...written, label: body.type },
    call.newId,
    fieldErrors,
  );
  if (fieldErrors.length > 0) throw problemOf(fieldErrors);
  const draft = draftField({ ...field, number: 0 }, 0);
  const results = values.map((candidate) => {
    const read = readValue(
      draft,
      typeof candidate === "string" ? { value: candidate } : { values: candidate },
      null,
    );
    if ("fieldError" in read)
      return { fault: read.fieldError.message, error: read.fieldError, value: "", values: [] };
    const { value } = read;
    return typeof value === "string" || value === null
      ? { fault: null, error: null, value: value ?? "", values: [] }
      : { fault: null, error: null, value: "", values: [...value] };
  });
  return { data: { results } };
};
