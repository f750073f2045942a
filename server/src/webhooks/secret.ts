import { randomBytes } from "node:crypto";
import * as text from "../keys/sealed-text.ts";

/** The purpose for which the keys that seal secrets are derived. */
export const keyPurpose = "webhook secrets";

const prefix = "whsec_";

/** A signing secret of 256 random bits, in the form its owner sees once. */
export const newSecret = (): string => prefix + randomBytes(32).toString("base64");

/** The key bytes of a secret. */
export const keyOf = (secret: string): Buffer => Buffer.from(secret.slice(prefix.length), "base64");

/** Sealed into the secret, so that one copied to another row does not open. */
type Owner = { enterpriseId: string; webhookId: string };
const contextOf = ({ enterpriseId, webhookId }: Owner): string => `${enterpriseId}/${webhookId}`;

/** The secret as it is stored: encrypted, because signing needs the secret itself. */
export const sealSecret = (keys: readonly Uint8Array[], owner: Owner, secret: string): Buffer =>
  text.seal(keys, contextOf(owner), secret);

export const unsealSecret = (keys: readonly Uint8Array[], owner: Owner, stored: Buffer): string =>
  text.unseal(keys, contextOf(owner), stored);
