type Page = { meta: { page: number; totalPages: number | null } };

/** The number of the next page, or undefined after the last. */
export const pageAfter = ({ meta }: Page): number | undefined =>
  meta.page < (meta.totalPages ?? 0) ? meta.page + 1 : undefined;
