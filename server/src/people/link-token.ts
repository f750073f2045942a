import { randomBytes } from "node:crypto";

const randomToken = (): string => randomBytes(32).toString("base64url");

/** An invitation token contains its enterprise, so that finding it needs no query across enterprises. */
export const newInvitationToken = (enterpriseId: string): string => `inv_${enterpriseId}_${randomToken()}`;

/** The enterprise in a token; null when it is not an invitation. */
export const enterpriseIdOfToken = (token: string): string | null =>
  /^inv_([0-9a-f]{24})_[\w-]{43}$/.exec(token)?.[1] ?? null;

export const newLinkToken = (): string => randomToken();

/** The URL of the page for a token. The token follows `#`, which browsers do not send to servers. */
export const linkUrl = (
  publicUrl: string | null,
  page: "set-up" | "invitation" | "reset",
  token: string,
): string => `${publicUrl ?? ""}/${page}#${token}`;

const dayMs = 86_400_000;
export const invitationLifetimeMs = 7 * dayMs;
export const resetLifetimeMs = dayMs;
