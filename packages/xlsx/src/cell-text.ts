import { unescapeText } from "./text-escapes.ts";
import { xlsxError } from "./xlsx-error.ts";
import type { Attributes } from "./xml.ts";

/** Six times the limit of Excel. */
const cellCharactersMax = 200_000;

/** Appends to a cell's text. Throws if it becomes too long. */
export function appendText(text: string, piece: string): string {
  if (text.length + piece.length > cellCharactersMax)
    throw xlsxError("CELL_TOO_LONG", { max: cellCharactersMax });
  return text + piece;
}

/**
 * Collects the text of a string (`<si>` or `<is>`) from its `<t>` or those of its runs, without phonetic hints
 * (`<rPh>`). Surrounding white space counts only with `xml:space="preserve"`, as in spreadsheet programs.
 */
export function cellTextOf() {
  let whole = "";
  let piece: string | null = null;
  let preserved = false;
  let phonetic = false;
  return {
    begin(): void {
      whole = "";
    },
    open(name: string, attributes: Attributes): void {
      if (name === "rPh") phonetic = true;
      if (name !== "t" || phonetic) return;
      piece = "";
      preserved = attributes["xml:space"] === "preserve";
    },
    add(text: string): void {
      if (piece !== null) piece = appendText(piece, text);
    },
    close(name: string): void {
      if (name === "rPh") phonetic = false;
      if (name !== "t" || piece === null) return;
      whole = appendText(whole, preserved ? piece : withoutSpaceAround(piece));
      piece = null;
    },
    end: (): string => unescapeText(whole),
  };
}

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);

/** Trims XML white space only: a no-break space is text. A regular expression would take quadratic time. */
function withoutSpaceAround(text: string): string {
  let begin = 0;
  let end = text.length;
  while (begin < end && isSpace(text.charCodeAt(begin))) begin++;
  while (end > begin && isSpace(text.charCodeAt(end - 1))) end--;
  return begin === 0 && end === text.length ? text : text.slice(begin, end);
}
