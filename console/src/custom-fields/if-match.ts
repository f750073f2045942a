/** Request options that reject a write if the resource has changed since it was read. */
export const ifMatch = (etag: string | null): { ifMatch?: string } =>
  etag === null ? {} : { ifMatch: etag };
