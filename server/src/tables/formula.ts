/**
 * Spreadsheets run a cell that begins with one of these as a formula. U+FF1D, U+FF0B, U+FF0D and U+FF20 are full-width
 * forms, which some of them treat alike.
 */
const dangerous = "=+\\-@\\t\\r\\n\\uFF1D\\uFF0B\\uFF0D\\uFF20";
const needsProtection = new RegExp(`^'*[${dangerous}]`);
const isProtected = new RegExp(`^'+[${dangerous}]`);

/**
 * Prefixes a dangerous text with an apostrophe. A text that has apostrophes before such a sign gets one too, so that
 * `unprotectFormula` restores every text.
 */
export const protectFormula = (text: string): string => (needsProtection.test(text) ? `'${text}` : text);

/** For text cells of a workbook: adds an apostrophe only where `unprotectFormula` would remove one. */
export const keepApostrophes = (text: string): string => (isProtected.test(text) ? `'${text}` : text);

const apostrophe = 0x27;

/** Reverts `protectFormula`. */
export const unprotectFormula = (cell: string): string =>
  cell.charCodeAt(0) === apostrophe && isProtected.test(cell) ? cell.slice(1) : cell;
