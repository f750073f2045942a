import { queryClient } from "../session/query-client.ts";

/** Goes on as the person who has just signed in: nothing of anyone before is kept. */
export function finishSignIn(to: string | undefined): void {
  queryClient.clear();
  location.assign(to ?? "/");
}
