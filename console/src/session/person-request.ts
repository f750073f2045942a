import { isSignedOut, requestAuth } from "./auth-request.ts";
import { waitForSignIn } from "./session-expiry.ts";

/** A request to /auth as the signed-in person. If the session has expired, waits for a new sign-in and retries. */
export async function requestAsPerson<Answer>(path: string, body?: unknown): Promise<Answer> {
  try {
    return await requestAuth<Answer>(path, body);
  } catch (error) {
    if (!isSignedOut(error)) throw error;
    await waitForSignIn();
    return requestAsPerson(path, body);
  }
}
