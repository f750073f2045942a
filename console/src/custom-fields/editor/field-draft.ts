import type { Input } from "@clientele/sdk";
import type { Field } from "../definitions.ts";

export type FieldType = Field["type"];
export type OptionDraft = {
  /** React key of the option in the form. */
  key: string;
  /** Set for options that already exist. */
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

type FieldBody = Input<"updateCustomField">["body"];
type OptionBody = Exclude<NonNullable<FieldBody["select_options"]>[number], string>;

export const hasOptions = (type: FieldType): boolean => type === "SELECT" || type === "MULTI_SELECT";
export const canBeUnique = (type: FieldType): boolean =>
  !["TEXTAREA", "MULTI_SELECT", "CHECKBOX", "SELECT"].includes(type);

const textRules = ["minLength", "maxLength", "pattern"] as const;
/** Validation rules that a field type supports. */
export const rulesOf = (type: FieldType): readonly (keyof ValidationDraft)[] => {
  if (type === "NUMBER") return ["min", "max"];
  return ["TEXT", "TEXTAREA", "EMAIL", "URL"].includes(type) ? textRules : [];
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

export const optionsBody = (options: readonly OptionDraft[]): OptionBody[] =>
  options.map(({ id, value, label, isActive }, index) => ({
    ...(id === undefined ? {} : { id }),
    // A new option uses its label as value; renaming it later does not change customers.
    value: value === "" ? label : value,
    label,
    order_index: index,
    is_active: isActive,
  }));

export const validationBody = ({ type, validation }: FieldDraft): ValidationDraft =>
  Object.fromEntries(
    rulesOf(type).flatMap((rule) => (validation[rule] === undefined ? [] : [[rule, validation[rule]]])),
  );

/** All attributes of a draft as a request body. */
function bodyOf(draft: FieldDraft): FieldBody {
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
    validation: validationBody(draft),
    select_options: hasOptions(draft.type) ? optionsBody(draft.options) : [],
  };
}

export const creationBody = (draft: FieldDraft): Input<"createCustomField">["body"] => ({
  ...bodyOf(draft),
  label: draft.label,
  type: draft.type,
});

/** The attributes that a draft changes; empty when nothing differs. */
export function changedAttributes(draft: FieldDraft, field: Field): FieldBody {
  const before = bodyOf(draftOf(field));
  return Object.fromEntries(
    Object.entries(bodyOf(draft)).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof FieldBody]),
    ),
  );
}

/** Sends the original label for options whose translated label has not been edited. */
export function withOriginalLabels(written: FieldBody, original: Field, shown: Field): FieldBody {
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

/** The draft's changes applied to someone else's newer version of the field. */
export function rebased(draft: FieldDraft, before: Field, theirs: Field): FieldDraft {
  const draftBefore = draftOf(before);
  const isMine = (name: keyof FieldDraft) =>
    JSON.stringify(draft[name]) !== JSON.stringify(draftBefore[name]);
  return Object.fromEntries(
    Object.entries(draftOf(theirs)).map(([name, value]) => {
      const key = name as keyof FieldDraft;
      return [key, isMine(key) ? draft[key] : value];
    }),
  ) as FieldDraft;
}
