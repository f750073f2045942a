import { requestAuth } from "./auth-request.ts";

/** Ends the session and reloads, which drops all loaded data. */
export async function signOut(): Promise<void> {
  await requestAuth("sign-out", {});
  location.assign("/sign-in");
}
