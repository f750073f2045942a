import { type ClientOptions, createClient } from "@clientele/sdk";
import { hasCode, isSignedOut, requestAuth, type Token } from "./auth-request.ts";
import { waitForSignIn } from "./session-expiry.ts";

const storageKey = "clientele.enterprise";

/** The enterprise that this page is about. It stays so until the page is loaded anew, whatever other tabs do. */
let activeEnterpriseId: string | null = null;

/** The enterprise that the person works in: remembered by the browser, else the first one of theirs. */
const chosenEnterprise = (): string | null => activeEnterpriseId ?? localStorage.getItem(storageKey);

/** Another enterprise: everything that is shown belongs to the one before, so the page begins anew. */
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
    // What the browser remembers may be of a person before, or not theirs any more.
    if (activeEnterpriseId !== null || enterpriseId === null || !hasCode(error, "MEMBERSHIP_MISSING"))
      throw error;
    localStorage.removeItem(storageKey);
    return issueToken();
  }
}

/** The service as the person who is signed in: the token is kept in memory alone, the cookie is out of reach. */
export const clientOptions: ClientOptions = { baseUrl: location.origin, issueToken };
export const client = createClient(clientOptions);
