import { type ClientOptions, createClient } from "@clientele/sdk";
import { hasCode, isSignedOut, requestAuth, type Token } from "./auth-request.ts";
import { waitForSignIn } from "./session-expiry.ts";

const storageKey = "clientele.enterprise";

/** The enterprise of this page. Fixed until reload, whatever other tabs do. */
let activeEnterpriseId: string | null = null;

/** The remembered enterprise, or null for the person's first one. */
const chosenEnterprise = (): string | null => activeEnterpriseId ?? localStorage.getItem(storageKey);

/** Switches the enterprise and reloads, because everything on the page belongs to the previous one. */
export function chooseEnterprise(enterpriseId: string): void {
  localStorage.setItem(storageKey, enterpriseId);
  location.assign("/");
}

async function issueToken(): Promise<Token> {
  const enterpriseId = chosenEnterprise();
  try {
    const token = await requestAuth<Token>("token", enterpriseId === null ? {} : { enterpriseId });
    activeEnterpriseId = token.enterpriseId;
    return token;
  } catch (error) {
    if (activeEnterpriseId !== null && isSignedOut(error)) {
      await waitForSignIn();
      return issueToken();
    }
    // The remembered enterprise may belong to another person or to an ended membership.
    if (activeEnterpriseId !== null || enterpriseId === null || !hasCode(error, "MEMBERSHIP_MISSING"))
      throw error;
    localStorage.removeItem(storageKey);
    return issueToken();
  }
}

/** Client for the signed-in person. The token stays in memory; scripts cannot read the cookie. */
export const clientOptions: ClientOptions = { baseUrl: location.origin, issueToken };
export const client = createClient(clientOptions);
