import { isSignedOut, requestAuth } from "./auth-request.ts";
import { waitForSignIn } from "./session-expiry.ts";

/** A request to the sign-in side of who is signed in. When the session has ended, it waits until they are again. */
export async function requestAsPerson<Answer>(path: string, body?: unknown): Promise<Answer> {
  try {
    return await requestAuth<Answer>(path, body);
  } catch (error) {
    if (!isSignedOut(error)) throw error;
    await waitForSignIn();
    return requestAsPerson(path, body);
  }
}
