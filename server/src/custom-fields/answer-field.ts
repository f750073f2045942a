import { timestampOf } from "@clientele/contract/formats";
import { isMultiple } from "./field-types.ts";
import type { StoredField } from "./store.ts";

/** A field in wire format. */
export const answerField = (field: StoredField) => ({
  id: field.id,
  externalId: field.externalId,
  defaultId: field.defaultId,
  categoryId: field.categoryId,
  type: field.type,
  label: field.label,
  translationKey: field.translationKey,
  placeholder: field.placeholder,
  selectOptions: field.selectOptions.map(({ id, value, label, orderIndex, isActive }) => ({
    id,
    value,
    label,
    orderIndex,
    isActive,
  })),
  isMultiple: isMultiple(field.type),
  isMandatory: field.isMandatory,
  isMandatoryOnline: field.isMandatoryOnline,
  isUnique: field.isUnique,
  isSearchable: field.isSearchable,
  isActive: field.isActive,
  isDefault: field.defaultId !== "",
  orderIndex: field.orderIndex,
  validation: field.validation,
  createdAt: timestampOf(field.createdAt),
  updatedAt: timestampOf(field.updatedAt),
});
