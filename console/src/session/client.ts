import { createClient } from "@clientele/sdk";
import { askSignIn } from "./sign-in-service.ts";

const storageKey = "clientele.enterprise";

/** The enterprise that the person works in: remembered by the browser, else the first one of theirs. */
export const chosenEnterprise = (): string | null => localStorage.getItem(storageKey);

/** Another enterprise: everything that is shown belongs to the one before, so the page begins anew. */
export function chooseEnterprise(enterpriseId: string): void {
  localStorage.setItem(storageKey, enterpriseId);
  location.assign("/");
}

type Token = { accessToken: string; expires: number };

/** The service as the person who is signed in: the token is kept in memory alone, the cookie is out of reach. */
export const client = createClient({
  baseUrl: location.origin,
  issueToken: () => {
    const enterpriseId = chosenEnterprise();
    return askSignIn<Token>("token", enterpriseId === null ? {} : { enterpriseId });
  },
});
