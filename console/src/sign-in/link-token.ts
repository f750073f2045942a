/** The token of a link stands behind `#`: the browser sends that part to nobody. */
export const linkToken = (): string => location.hash.slice(1);
