/** In the order of preference. */
const delimiters = [",", ";", "\t", "|"] as const;

/** So much of a file tells its delimiter. */
export const sampleCharacters = 64 * 1024;

/** Excel's first line `sep=;`, and how long it is with its line end. */
export function separatorLine(sample: string): { delimiter: string; length: number } | undefined {
  const [line, delimiter] = /^"?sep=([^"\r\n])"?(?:\r\n|\r|\n|$)/i.exec(sample) ?? [];
  return line && delimiter ? { delimiter, length: line.length } : undefined;
}

/**
 * The one that the rows have as often as the headings have it. `4,50` in rows without a comma in the headings is no
 * delimiter. Of a file of one column it is one that the file has not.
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
  if (best!.share > 0) return best!.delimiter;
  return found.toSorted((a, b) => a.all - b.all)[0]!.delimiter;
}

/** How often a delimiter comes outside quotes, for each row that is not blank. */
function countsByRow(sample: string, delimiter: string): number[] {
  const counts: number[] = [];
  let count = 0;
  let quoted = false;
  let cellBegins = true;
  let blank = true;
  for (const character of sample) {
    if (quoted) {
      // The second of two quotes opens the text again.
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
  // What a sample ends with may be cut.
  if (!blank && (counts.length === 0 || sample.length < sampleCharacters)) counts.push(count);
  return counts;
}
