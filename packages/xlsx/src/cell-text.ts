import { unescapeText } from "./text-escapes.ts";
import { xlsxError } from "./xlsx-error.ts";
import type { Attributes } from "./xml.ts";

/** Six times what Excel allows in a cell. */
const cellCharactersMax = 200_000;

/** Adds a piece to a cell's text. */
export function joined(text: string, piece: string): string {
  if (text.length + piece.length > cellCharactersMax)
    throw xlsxError("CELL_TOO_LONG", { max: cellCharactersMax });
  return text + piece;
}

/**
 * Puts the text of a string together (`<si>` or `<is>`): from its `<t>`, or those of its runs, without the phonetic
 * hints (`<rPh>`). White space around a text counts only where `xml:space` says so, as spreadsheets have it.
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
      if (piece !== null) piece = joined(piece, text);
    },
    close(name: string): void {
      if (name === "rPh") phonetic = false;
      if (name !== "t" || piece === null) return;
      whole = joined(whole, preserved ? piece : withoutSpaceAround(piece));
      piece = null;
    },
    end: (): string => unescapeText(whole),
  };
}

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);

/** XML's white space alone: a no-break space is text. A pattern would take quadratic time on a long run of spaces. */
function withoutSpaceAround(text: string): string {
  let begin = 0;
  let end = text.length;
  while (begin < end && isSpace(text.charCodeAt(begin))) begin++;
  while (end > begin && isSpace(text.charCodeAt(end - 1))) end--;
  return begin === 0 && end === text.length ? text : text.slice(begin, end);
}
