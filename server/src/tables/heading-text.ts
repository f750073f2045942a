import { fold } from "../text/fold.ts";
import { normalized } from "../text/normalize.ts";
import { unprotectFormula } from "./formula.ts";

/** What a heading says, without what a formula-safe file puts before it. */
export const headingText = (heading: string): string => normalized(unprotectFormula(heading));

/** Headings of one key are alike: `E-Mail`, `email` and `e_mail`; `Prénom` and `PRENOM`. */
export const headingKey = (text: string): string => fold(normalized(text)).replace(/[\s_.-]+/g, "");

/** How a column is spoken of: its heading, or `#3` where that is empty or another column has it too. */
export function columnNames(headings: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const heading of headings) counts.set(heading, (counts.get(heading) ?? 0) + 1);
  return headings.map((heading, index) =>
    counts.get(heading) === 1 && headingText(heading) !== "" ? heading : `#${index + 1}`,
  );
}
