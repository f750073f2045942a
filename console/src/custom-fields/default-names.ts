import { useCallback } from "react";
import { useMessages } from "use-intl";
import type { Category, Field } from "./definitions.ts";

/** A name in the person's language, by the one that the service has for it. */
type Names = { [original: string]: string };
type Defaults = {
  category: Names;
  fields: { [defaultId: string]: Names };
  options: { [value: string]: Names };
};

/**
 * What every enterprise starts with is named in English by the service, and called in the person's language here, as
 * long as it has that name: the enterprise's own name for it stays.
 */
export function useDefaultNames() {
  const { customFields } = useMessages();
  // English has none of its own: it is what the service says.
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

// Names and values are anything that somebody has written, `constructor` too.
const ownValue = <Value>(of: { [key: string]: Value }, key: string): Value | undefined =>
  Object.hasOwn(of, key) ? of[key] : undefined;
