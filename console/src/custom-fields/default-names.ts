import { useCallback } from "react";
import { useMessages } from "use-intl";
import type { Category, Field } from "./definitions.ts";

/** Translated names by their original English name. */
type Names = { [original: string]: string };
type Defaults = {
  category: Names;
  fields: { [defaultId: string]: Names };
  options: { [value: string]: Names };
};

/** Translates the names of default fields, categories and options as long as the enterprise has not renamed them. */
export function useDefaultNames() {
  const { customFields } = useMessages();
  // Empty in English: the server's names are English.
  const defaults: Defaults = customFields.defaults;
  return {
    fieldNamed: useCallback((field: Field) => fieldNamed(field, defaults), [defaults]),
    categoryNamed: useCallback(
      (category: Category) =>
        category.isDefault ? { ...category, name: translated(category.name, defaults.category) } : category,
      [defaults],
    ),
  };
}

const fieldNamed = (field: Field, { fields, options }: Defaults): Field =>
  field.isDefault
    ? {
        ...field,
        label: translated(field.label, ownValue(fields, field.defaultId)),
        selectOptions: field.selectOptions.map((option) => ({
          ...option,
          label: translated(option.label, ownValue(options, option.value)),
        })),
      }
    : field;

const translated = (original: string, names: Names | undefined): string =>
  (names && ownValue(names, original)) ?? original;

// Names and values are user input, so `constructor` must not hit Object.prototype.
const ownValue = <Value>(of: { [key: string]: Value }, key: string): Value | undefined =>
  Object.hasOwn(of, key) ? of[key] : undefined;
