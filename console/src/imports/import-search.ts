/** Search params; `rowsOf` is the import whose failed rows this import fixes. */
export type ImportSearch = { rowsOf?: string };

export const readImportSearch = ({ rowsOf }: Record<string, unknown>): ImportSearch =>
  typeof rowsOf === "string" && /^[0-9a-f]{24}$/.test(rowsOf) ? { rowsOf } : {};
