/** What the address says of the customers that are looked at. */
export type CustomersSearch = { q?: string };

/** Reads it from an address that anybody may have typed: what does not fit is left out. */
export const readCustomersSearch = ({ q }: Record<string, unknown>): CustomersSearch =>
  typeof q === "string" && q !== "" ? { q } : {};
