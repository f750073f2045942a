import { required } from "../../validation/required.ts";

/** In order of preference. */
const delimiters = [",", ";", "\t", "|"] as const;

/** Characters of a file that are sampled. */
export const sampleCharacters = 64 * 1024;

/** The delimiter of Excel's first line `sep=;`, and that line's length with its line end. */
export function separatorLine(sample: string): { delimiter: string; length: number } | undefined {
  const [line, delimiter] = /^"?sep=([^"\r\n])"?(?:\r\n|\r|\n|$)/i.exec(sample) ?? [];
  return line && delimiter ? { delimiter, length: line.length } : undefined;
}

/**
 * The delimiter that rows contain as often as the headings do, so that `4,50` in rows is none. For a file of one column
 * a delimiter that does not occur in it.
 */
export function findDelimiter(sample: string): string {
  const found = delimiters.map((delimiter) => {
    const [inHeadings = 0, ...inRows] = countsByRow(sample, delimiter);
    const same = inRows.filter((count) => count === inHeadings).length;
    const ragged = inRows.filter((count) => count > 0).length - same;
    const share = inRows.length === 0 ? 1 : (same + ragged / 4) / inRows.length;
    const all = inRows.reduce((sum, count) => sum + count, inHeadings);
    return { delimiter, inHeadings, share: inHeadings === 0 ? 0 : share, all };
  });
  const [best] = found.toSorted((a, b) => b.share - a.share || b.inHeadings - a.inHeadings);
  if (required(best, "best").share > 0) return required(best, "best").delimiter;
  return required(found.toSorted((a, b) => a.all - b.all)[0], "the rarest delimiter").delimiter;
}

/** The number of delimiters outside quotes in each row that is not blank. */
function countsByRow(sample: string, delimiter: string): number[] {
  const counts: number[] = [];
  let count = 0;
  let quoted = false;
  let cellBegins = true;
  let blank = true;
  for (const character of sample) {
    if (quoted) {
      // The second of two quotes reopens the text.
      if (character === '"') quoted = false;
      cellBegins = !quoted;
    } else if (character === "\n" || character === "\r") {
      if (!blank) counts.push(count);
      count = 0;
      blank = true;
      cellBegins = true;
    } else if (character === delimiter) {
      count++;
      cellBegins = true;
      blank = false;
    } else {
      quoted = character === '"' && cellBegins;
      cellBegins = false;
      blank &&= character === " ";
    }
  }
  // The last row of a sample may be cut off.
  if (!blank && (counts.length === 0 || sample.length < sampleCharacters)) counts.push(count);
  return counts;
}
