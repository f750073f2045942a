const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/**
 * What XML cannot hold, or would change (a carriage return), and an underscore that would begin an escape. The
 * escape's closing underscore is not asked for: that of a following escape would close it.
 */
const unsafe = /[&<>"]|[\u0000-\u0008\u000b-\u001f\ufffe\uffff\u{d800}-\u{dfff}]|_(?=x[0-9A-Fa-f]{4})/u;
const everyUnsafe = new RegExp(unsafe, "gu");

/** Text as a workbook's XML holds it: what XML cannot hold is written `_xHHHH_`. */
export function escapeText(text: string): string {
  if (!unsafe.test(text)) return text;
  return text.replace(
    everyUnsafe,
    (character) =>
      entities[character] ?? `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`,
  );
}

/** The characters that `_xHHHH_` stands for. XML's own entities are the parser's. */
export const unescapeText = (text: string): string =>
  text.includes("_x")
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      )
    : text;
