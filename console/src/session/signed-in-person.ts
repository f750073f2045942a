import { createClient } from "@clientele/sdk";
import { requestAuth, type Token } from "./auth-request.ts";

/** Id of the person that the session cookie belongs to; null if there is none or the request fails. */
export async function signedInPerson(): Promise<string | null> {
  const probe = createClient({
    baseUrl: location.origin,
    issueToken: () => requestAuth<Token>("token", {}),
    retry: { triesMax: 1 },
  });
  return probe.fetchMe().then(
    ({ data }) => data.id,
    () => null,
  );
}
