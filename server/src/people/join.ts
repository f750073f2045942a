import type { Role } from "@clientele/contract/roles";
import type { Author } from "../journal/append.ts";
import { memberJoined } from "./journal.ts";
import * as store from "./store.ts";

type Joining = { personId: string; email: string; role: Role; companyIds: readonly string[] | null };

/** The person becomes a member. Who is one already stays as they are. */
export async function join(
  author: Author,
  reason: "accepted" | "set_up",
  { personId, ...granted }: Joining,
): Promise<void> {
  const { database, now } = author;
  const added = await database.maybeOne(store.add(database.enterpriseId, { personId, ...granted }, now));
  if (added) await database.batch([memberJoined(author, reason, { id: personId, ...granted, ...added })]);
}
