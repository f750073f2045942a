import { fold } from "../text/fold.ts";
import { normalized } from "../text/normalize.ts";
import { unprotectFormula } from "./formula.ts";

/** The normalized heading, without the apostrophe of a formula-safe file. */
export const headingText = (heading: string): string => normalized(unprotectFormula(heading));

/** Equal for similar headings: `E-Mail`, `email` and `e_mail`; `Prénom` and `PRENOM`. */
export const headingKey = (text: string): string => fold(normalized(text)).replace(/[\s_.-]+/g, "");

/** The name of each column in errors: its heading, or `#3` when that is empty or not unique. */
export function columnNames(headings: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const heading of headings) counts.set(heading, (counts.get(heading) ?? 0) + 1);
  return headings.map((heading, index) =>
    counts.get(heading) === 1 && headingText(heading) !== "" ? heading : `#${index + 1}`,
  );
}
