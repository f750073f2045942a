/**
 * A cell that begins so is run as a formula by the programs that open CSV files. U+FF1D and its kin are the same
 * signs in full width, which some of them take for the narrow ones.
 */
const dangerous = "=+\\-@\\t\\r\\n\\uFF1D\\uFF0B\\uFF0D\\uFF20";
const needsProtection = new RegExp(`^'*[${dangerous}]`);
const isProtected = new RegExp(`^'+[${dangerous}]`);

/**
 * The text as a cell that no program runs: an apostrophe stands before it. It also stands before a text that has
 * apostrophes there of its own, so that taking one away gives back every text.
 */
export const protectFormula = (text: string): string => (needsProtection.test(text) ? `'${text}` : text);

/**
 * The text as a cell that is text already, of a workbook: an apostrophe stands only before those that would lose one
 * when they are read.
 */
export const keepApostrophes = (text: string): string => (isProtected.test(text) ? `'${text}` : text);

const apostrophe = 0x27;

/** The text that `protectFormula` made a cell of. */
export const unprotectFormula = (cell: string): string =>
  cell.charCodeAt(0) === apostrophe && isProtected.test(cell) ? cell.slice(1) : cell;
