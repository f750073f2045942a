// Zero-width space, non-joiner, joiner, word joiner, and the byte order mark.
const zeroWidth = /[\u200B-\u200D\u2060\uFEFF]/g;

/** Text as it is stored: NFC, without zero-width characters and outer white space; nothing else is changed. */
export const normalized = (text: string): string => text.replace(zeroWidth, "").normalize("NFC").trim();
