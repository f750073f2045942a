import { randomBytes } from "node:crypto";
import * as text from "../keys/sealed-text.ts";

/** What the installation's keys that seal secrets are derived for. */
export const keyPurpose = "webhook secrets";

const prefix = "whsec_";

/** A secret that signs, as its owner is shown it once: 256 random bits. */
export const newSecret = (): string => prefix + randomBytes(32).toString("base64");

/** The key that a secret is. */
export const keyOf = (secret: string): Buffer => Buffer.from(secret.slice(prefix.length), "base64");

/** Whose secret it is: one that is moved to another row does not open there. */
type Owner = { enterpriseId: string; webhookId: string };
const placeOf = ({ enterpriseId, webhookId }: Owner): string => `${enterpriseId}/${webhookId}`;

/** The secret as it is kept: it signs, so a hash would not do. */
export const sealed = (keys: readonly Uint8Array[], owner: Owner, secret: string): Buffer =>
  text.sealed(keys, placeOf(owner), secret);

/** The secret again. */
export const opened = (keys: readonly Uint8Array[], owner: Owner, kept: Buffer): string =>
  text.opened(keys, placeOf(owner), kept);
