/** The token of a link. It is in the URL fragment, which browsers do not send to servers. */
export const linkToken = (): string => location.hash.slice(1);
