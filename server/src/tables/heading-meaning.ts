import type { FieldType } from "@clientele/contract/custom-fields";
import { namesOfDefaultField } from "../custom-fields/default-labels.ts";
import type { Definitions, Field } from "../custom-fields/definitions.ts";
import { type AttributeTarget, attributeLike, attributeNamed } from "./attributes.ts";
import { headingKey } from "./heading-text.ts";

/** What a column sets. */
export type Target =
  | AttributeTarget
  | { kind: "field"; field: Field }
  /** A new field. `fieldId` is set once it exists. */
  | { kind: "create"; fieldId?: string; label: string; type: FieldType }
  | { kind: "ignored"; because: "asked" };

export type FoundBy = "given" | "id" | "defaultId" | "label" | "attribute";

/** How certain a meaning is. Of two columns with the same target the more certain one gets it. */
export const certainty = { given: 0, named: 1, exact: 2, alike: 3 } as const;

export type Meaning = { target: Target; foundBy: FoundBy; certainty: number };

/**
 * Finds the meaning of a non-empty text, in this order: a field's id or an attribute's name; an exact label, `defaultId`
 * or external id; these in another spelling; a default field's label in any language. Null when none or several match.
 */
export function meaningsOf(definitions: Definitions): (text: string) => Meaning | null {
  const byExternalId = new Map<string, Field>();
  const byLabelKey = new Map<string, Field | null>();
  const byDefaultKey = new Map<string, { field: Field; foundBy: FoundBy }>();
  for (const field of definitions.fields) {
    if (field.externalId !== "") byExternalId.set(field.externalId, field);
    const key = headingKey(field.label);
    byLabelKey.set(key, byLabelKey.has(key) ? null : field);
    for (const name of namesOfDefaultField(field.defaultId))
      byDefaultKey.set(headingKey(name), { field, foundBy: "label" });
  }
  for (const [defaultId, field] of definitions.byDefaultId)
    byDefaultKey.set(headingKey(defaultId), { field, foundBy: "defaultId" });

  return (text) => {
    const fieldMeaning = (field: Field, foundBy: FoundBy, sure: number): Meaning => ({
      target: { kind: "field", field },
      foundBy,
      certainty: sure,
    });
    const withId = definitions.byId.get(text);
    if (withId) return fieldMeaning(withId, "id", certainty.named);
    const named = attributeNamed(text);
    if (named) return { target: named, foundBy: "attribute", certainty: certainty.named };

    const labelled = definitions.byLabel.get(text);
    if (labelled) return fieldMeaning(labelled, "label", certainty.exact);
    const withDefaultId = definitions.byDefaultId.get(text);
    if (withDefaultId) return fieldMeaning(withDefaultId, "defaultId", certainty.exact);
    const withExternalId = byExternalId.get(text);
    if (withExternalId) return fieldMeaning(withExternalId, "id", certainty.exact);

    const key = headingKey(text);
    const alike = byLabelKey.get(key);
    if (alike !== undefined) return alike && fieldMeaning(alike, "label", certainty.alike);
    const attribute = attributeLike(text);
    if (attribute) return { target: attribute, foundBy: "attribute", certainty: certainty.alike };
    const byDefault = byDefaultKey.get(key);
    return byDefault ? fieldMeaning(byDefault.field, byDefault.foundBy, certainty.alike) : null;
  };
}
