import type { Sought } from "./search-terms.ts";

/** `mark` stands in front of every word in the index. */
export function tsqueryOf(mark: string, sought: readonly Sought[]): string {
  // In a search of nothing but signs there is a word that nobody has.
  if (sought.length === 0) return lexeme(mark);
  const all = (words: readonly string[]) => words.map((word) => `${lexeme(mark + word)}:*`).join(" & ");
  return sought.map((any) => `(${any.map(all).join(" | ")})`).join(" & ");
}

const lexeme = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
