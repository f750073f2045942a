import type { FieldType, updateCustomField } from "@clientele/contract/custom-fields";
import { bodyError, type FieldError } from "@clientele/contract/errors";
import { type Reason, reason } from "@clientele/contract/field-errors";
import type { RequestOf } from "@clientele/contract/route";
import { readExternalId } from "../ids/external-id.ts";
import { normalized } from "../text/normalize.ts";
import type { SelectOption } from "./definitions.ts";
import { fieldTypeRules } from "./field-types.ts";
import { type OptionsPlan, planOptions } from "./select-options.ts";
import type { FieldState } from "./store.ts";
import { readValidation, validationFor } from "./values/validation.ts";

/** The body of a field create or update. */
export type FieldInput = RequestOf<typeof updateCustomField>["body"];

export type FieldPlan = {
  /** The planned field, with the options of the request. */
  field: FieldState;
  removedOptions: readonly SelectOption[];
  renamed: OptionsPlan["renamed"];
};

export const newField = (id: string, type: FieldType): FieldState => ({
  id,
  externalId: "",
  defaultId: "",
  categoryId: "",
  type,
  label: "",
  translationKey: "",
  placeholder: "",
  selectOptions: [],
  isMandatory: false,
  isMandatoryOnline: false,
  isUnique: false,
  isSearchable: false,
  isActive: true,
  orderIndex: 0,
  validation: {},
});

/**
 * Applies a write to a field by the rules that do not depend on stored customers. Pure; reports every error.
 */
export function planField(
  current: FieldState,
  written: FieldInput,
  newId: () => string,
  fieldErrors: FieldError[],
): FieldPlan {
  const refuse = (path: string, why: Reason, code: FieldError["code"] = "REQUEST_INVALID") =>
    fieldErrors.push(bodyError(path, code, why));
  const type = written.type ?? current.type;
  if (current.defaultId !== "" && type !== current.type)
    refuse(
      "type",
      reason("FIELD_TYPE_PROTECTED", { field: current.defaultId, type: current.type }),
      "FIELD_PROTECTED",
    );

  const label = written.label === undefined ? current.label : normalized(written.label);
  if (label === "") refuse("label", reason("EMPTY"));

  const isUnique = written.is_unique ?? current.isUnique;
  if (isUnique && !fieldTypeRules[type].canBeUnique) refuse("is_unique", reason("NEVER_UNIQUE", { type }));

  const { options, removed, renamed } = optionsOf(current, type, written.select_options, newId, fieldErrors);
  const externalId = readExternalId(written.external_id, fieldErrors);
  return {
    field: {
      ...current,
      externalId: externalId === undefined ? current.externalId : (externalId ?? ""),
      type,
      label,
      placeholder:
        written.placeholder === undefined ? current.placeholder : normalized(written.placeholder ?? ""),
      selectOptions: options,
      isMandatory: written.is_mandatory ?? current.isMandatory,
      isMandatoryOnline: written.is_mandatory_online ?? current.isMandatoryOnline,
      isUnique,
      isSearchable: written.is_searchable ?? current.isSearchable,
      isActive: written.is_active ?? current.isActive,
      orderIndex: written.order_index ?? current.orderIndex,
      validation:
        written.validation === undefined
          ? validationFor(type, current.validation)
          : readValidation(type, written.validation ?? {}, fieldErrors),
    },
    removedOptions: removed,
    renamed,
  };
}

function optionsOf(
  current: FieldState,
  type: FieldType,
  written: FieldInput["select_options"],
  newId: () => string,
  fieldErrors: FieldError[],
): OptionsPlan {
  const refuse = (why: Reason) => fieldErrors.push(bodyError("select_options", "REQUEST_INVALID", why));
  const unchanged = { removed: [], renamed: new Map() };
  if (!fieldTypeRules[type].hasOptions) {
    if (written !== undefined && written.length > 0) refuse(reason("TYPE_WITHOUT_OPTIONS", { type }));
    return { ...unchanged, options: [] };
  }
  const plan =
    written === undefined
      ? { ...unchanged, options: current.selectOptions }
      : planOptions(current.selectOptions, written, newId, fieldErrors);
  if (!plan.options.some(({ isActive }) => isActive)) refuse(reason("OPTION_NEEDED", { type }));
  return plan;
}
