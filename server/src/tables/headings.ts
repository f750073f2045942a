import type { Definitions, Field } from "../custom-fields/definitions.ts";
import { exportHeading } from "./attributes.ts";
import { meaningsOf } from "./heading-meaning.ts";
import { headingText } from "./heading-text.ts";

/**
 * The heading that a file of ours gives a field, so that it is that field's when the file comes back: its label; where
 * that means something else (`id`, say), its `defaultId` or its id.
 */
export function fieldHeadings(definitions: Definitions): (field: Field) => string {
  const meaningOf = meaningsOf(definitions);
  return (field) => {
    const isMeantBy = (heading: string) => {
      const target = headingText(heading) === heading ? meaningOf(heading)?.target : undefined;
      return target?.kind === "field" && target.field.id === field.id;
    };
    return [field.label, field.defaultId].find((name) => name !== "" && isMeantBy(name)) ?? field.id;
  };
}

/** The heading of what an export tells and nobody writes: its name, unless a field is called so. */
export const readOnlyHeading = (definitions: Definitions, name: string): string =>
  meaningsOf(definitions)(name)?.target.kind === "ignored" ? name : exportHeading(name);

/** The headings of an empty file to fill in: every active field, in definition order. */
export function templateHeadings(definitions: Definitions): string[] {
  const headingOf = fieldHeadings(definitions);
  const fields = definitions.fields.filter(({ isActive }) => isActive);
  return ["external_id", ...fields.map(headingOf), "tags"];
}
