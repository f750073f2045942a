// Zero-width space, non-joiner, joiner, word joiner, and the byte order mark.
const zeroWidth = /[\u200B-\u200D\u2060\uFEFF]/g;

/** Returns text in the stored form: NFC, trimmed, without zero-width characters. */
export const normalized = (text: string): string => text.replace(zeroWidth, "").normalize("NFC").trim();
