import type { Definitions, Field } from "../custom-fields/definitions.ts";
import { exportHeading } from "./attributes.ts";
import { meaningsOf } from "./heading-meaning.ts";
import { headingText } from "./heading-text.ts";

/**
 * The heading of a field in exports, chosen so that an import maps it back: the label, else the `defaultId`, else the id
 * when another meaning takes precedence.
 */
export function fieldHeadings(definitions: Definitions): (field: Field) => string {
  const meaningOf = meaningsOf(definitions);
  return (field) => {
    const isMatchedBy = (heading: string) => {
      const target = headingText(heading) === heading ? meaningOf(heading)?.target : undefined;
      return target?.kind === "field" && target.field.id === field.id;
    };
    return [field.label, field.defaultId].find((name) => name !== "" && isMatchedBy(name)) ?? field.id;
  };
}

/** The heading of a read-only attribute: its name, unless a field has that name. */
export const readOnlyHeading = (definitions: Definitions, name: string): string =>
  meaningsOf(definitions)(name)?.target.kind === "ignored" ? name : exportHeading(name);

/** The headings of the template: every active field, in definition order. */
export function templateHeadings(definitions: Definitions): string[] {
  const headingOf = fieldHeadings(definitions);
  const fields = definitions.fields.filter(({ isActive }) => isActive);
  return ["external_id", ...fields.map(headingOf), "tags"];
}
