import { createClient } from "@clientele/sdk";
import { requestAuth, type Token } from "./auth-request.ts";

/** The id of the person whom the browser's cookie stands for now; null when it is nobody, or not to be known. */
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
