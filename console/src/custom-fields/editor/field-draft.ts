import type { Input } from "@clientele/sdk";
import type { Field } from "../definitions.ts";

export type FieldType = Field["type"];
export type OptionDraft = {
  /** Tells it from the others while it is written. */
  key: string;
  /** Of an option that the field has already. */
  id?: string;
  value: string;
  label: string;
  isActive: boolean;
};
export type ValidationDraft = Field["validation"];
export type FieldDraft = Pick<
  Field,
  | "label"
  | "type"
  | "categoryId"
  | "placeholder"
  | "isMandatory"
  | "isMandatoryOnline"
  | "isUnique"
  | "isSearchable"
  | "isActive"
  | "validation"
> & { options: readonly OptionDraft[] };

type WrittenField = Input<"updateCustomField">["body"];
type WrittenOption = Exclude<NonNullable<WrittenField["select_options"]>[number], string>;

export const hasOptions = (type: FieldType): boolean => type === "SELECT" || type === "MULTI_SELECT";
export const canBeUnique = (type: FieldType): boolean =>
  !["TEXTAREA", "MULTI_SELECT", "CHECKBOX", "SELECT"].includes(type);

const ofTexts = ["minLength", "maxLength", "pattern"] as const;
/** The rules that a type can have. */
export const rulesOf = (type: FieldType): readonly (keyof ValidationDraft)[] => {
  if (type === "NUMBER") return ["min", "max"];
  return ["TEXT", "TEXTAREA", "EMAIL", "URL"].includes(type) ? ofTexts : [];
};

export const newDraft = (categoryId: string): FieldDraft => ({
  label: "",
  type: "TEXT",
  categoryId,
  placeholder: "",
  isMandatory: false,
  isMandatoryOnline: false,
  isUnique: false,
  isSearchable: false,
  isActive: true,
  validation: {},
  options: [],
});

export const draftOf = ({ selectOptions, ...field }: Field): FieldDraft => ({
  label: field.label,
  type: field.type,
  categoryId: field.categoryId,
  placeholder: field.placeholder,
  isMandatory: field.isMandatory,
  isMandatoryOnline: field.isMandatoryOnline,
  isUnique: field.isUnique,
  isSearchable: field.isSearchable,
  isActive: field.isActive,
  validation: field.validation,
  options: selectOptions.map(({ id, value, label, isActive }) => ({ key: id, id, value, label, isActive })),
});

export const writtenOptions = (options: readonly OptionDraft[]): WrittenOption[] =>
  options.map(({ id, value, label, isActive }, index) => ({
    ...(id === undefined ? {} : { id }),
    // A new option is called as it is written; another name later leaves what customers have alone.
    value: value === "" ? label : value,
    label,
    order_index: index,
    is_active: isActive,
  }));

export const writtenValidation = ({ type, validation }: FieldDraft): ValidationDraft =>
  Object.fromEntries(
    rulesOf(type).flatMap((rule) => (validation[rule] === undefined ? [] : [[rule, validation[rule]]])),
  );

/** Everything that a draft says of a field. */
function whole(draft: FieldDraft): WrittenField {
  return {
    label: draft.label,
    type: draft.type,
    category_id: draft.categoryId,
    placeholder: draft.placeholder,
    is_mandatory: draft.isMandatory,
    is_mandatory_online: draft.isMandatoryOnline,
    is_unique: draft.isUnique && canBeUnique(draft.type),
    is_searchable: draft.isSearchable,
    is_active: draft.isActive,
    validation: writtenValidation(draft),
    select_options: hasOptions(draft.type) ? writtenOptions(draft.options) : [],
  };
}

export const createdBy = (draft: FieldDraft): Input<"createCustomField">["body"] => ({
  ...whole(draft),
  label: draft.label,
  type: draft.type,
});

/** What a draft changes of a field; empty when that is nothing. */
export function changedBy(draft: FieldDraft, field: Field): WrittenField {
  const before = whole(draftOf(field));
  return Object.fromEntries(
    Object.entries(whole(draft)).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof WrittenField]),
    ),
  );
}

/** What is written of options that are still called as they were shown has the names that the service keeps for them. */
export function withOriginalNames(written: WrittenField, original: Field, shown: Field): WrittenField {
  const shownLabels = new Map(shown.selectOptions.map(({ id, label }) => [id, label]));
  const originals = new Map(original.selectOptions.map(({ id, label }) => [id, label]));
  if (written.select_options === undefined) return written;
  return {
    ...written,
    select_options: written.select_options.map((option) => {
      if (typeof option === "string" || option.id === undefined) return option;
      const isAsShown = option.label === shownLabels.get(option.id);
      return isAsShown ? { ...option, label: originals.get(option.id)! } : option;
    }),
  };
}

/** What a draft changes of a field, done to the field as somebody else has made it meanwhile. */
export function rebased(draft: FieldDraft, before: Field, theirs: Field): FieldDraft {
  const was = draftOf(before);
  const isMine = (name: keyof FieldDraft) => JSON.stringify(draft[name]) !== JSON.stringify(was[name]);
  return Object.fromEntries(
    Object.entries(draftOf(theirs)).map(([name, value]) => {
      const key = name as keyof FieldDraft;
      return [key, isMine(key) ? draft[key] : value];
    }),
  ) as FieldDraft;
}
