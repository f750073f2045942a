const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/**
 * Characters that XML cannot contain or would change (a carriage return), and an underscore that would start an escape.
 * The closing underscore is not matched, because that of a following escape would close it.
 */
const unsafe = /[&<>"]|[\u0000-\u0008\u000b-\u001f\ufffe\uffff\u{d800}-\u{dfff}]|_(?=x[0-9A-Fa-f]{4})/u;
const everyUnsafe = new RegExp(unsafe, "gu");

/** Escapes text for a workbook's XML; characters that XML cannot contain become `_xHHHH_`. */
export function escapeText(text: string): string {
  if (!unsafe.test(text)) return text;
  return text.replace(
    everyUnsafe,
    (character) =>
      entities[character] ?? `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`,
  );
}

/** Decodes `_xHHHH_`. The parser decodes XML entities. */
export const unescapeText = (text: string): string =>
  text.includes("_x")
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      )
    : text;
