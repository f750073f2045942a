/** Refuses a write when what was looked at is no longer what is there. */
export const ifMatch = (etag: string | null): { ifMatch?: string } =>
  etag === null ? {} : { ifMatch: etag };
