/** What the address says beside the import: `rowsOf` is the import that these rows were mended of. */
export type ImportSearch = { rowsOf?: string };

export const readImportSearch = ({ rowsOf }: Record<string, unknown>): ImportSearch =>
  typeof rowsOf === "string" && /^[0-9a-f]{24}$/.test(rowsOf) ? { rowsOf } : {};
