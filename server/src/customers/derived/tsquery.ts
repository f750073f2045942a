import type { QueryTerm } from "./search-terms.ts";

/** `prefix` starts every term in the index, see `searchTermPrefix`. */
export function tsqueryOf(prefix: string, terms: readonly QueryTerm[]): string {
  // A query of punctuation alone matches a term that nobody has.
  if (terms.length === 0) return lexeme(prefix);
  const anySpelling = (spellings: readonly string[]) =>
    `(${spellings.map((word) => `${lexeme(prefix + word)}:*`).join(" | ")})`;
  return terms
    .map((alternatives) => `(${alternatives.map((words) => words.map(anySpelling).join(" & ")).join(" | ")})`)
    .join(" & ");
}

const lexeme = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
