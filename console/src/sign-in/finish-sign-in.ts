import { queryClient } from "../session/query-client.ts";

/** Continues after signing in, without cached data of the previous person. */
export function finishSignIn(to: string | undefined): void {
  queryClient.clear();
  location.assign(to ?? "/");
}
