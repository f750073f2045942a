import { randomBytes } from "node:crypto";

const randomToken = (): string => randomBytes(32).toString("base64url");

/** The token of an invitation names its enterprise, so that finding it needs no look across enterprises. */
export const newInvitationToken = (enterpriseId: string): string => `inv_${enterpriseId}_${randomToken()}`;

/** The enterprise that a token says it is of, or null when it is no invitation. */
export const enterpriseIdOfToken = (token: string): string | null =>
  /^inv_([0-9a-f]{24})_[\w-]{43}$/.exec(token)?.[1] ?? null;

export const newLinkToken = (): string => randomToken();

/** The page that takes the token. It stands behind `#`, which a browser sends to nobody. */
export const linkUrl = (
  publicUrl: string | null,
  page: "set-up" | "invitation" | "reset",
  token: string,
): string => `${publicUrl ?? ""}/${page}#${token}`;

const dayMs = 86_400_000;
export const invitationLifetimeMs = 7 * dayMs;
export const resetLifetimeMs = dayMs;
