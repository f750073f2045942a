import { askSignIn, isSignedOut } from "./auth-request.ts";
import { signedInAgain } from "./session-expiry.ts";

/** A request to the sign-in side of who is signed in. When the session has ended, it waits until they are again. */
export async function askAsPerson<Answer>(path: string, body?: unknown): Promise<Answer> {
  try {
    return await askSignIn<Answer>(path, body);
  } catch (error) {
    if (!isSignedOut(error)) throw error;
    await signedInAgain();
    return askAsPerson(path, body);
  }
}
