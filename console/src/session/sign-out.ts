import { requestAuth } from "./auth-request.ts";

/** Ends the session, and forgets all that was loaded in it by loading the page anew. */
export async function signOut(): Promise<void> {
  await requestAuth("sign-out", {});
  location.assign("/sign-in");
}
