import type { Role } from "@clientele/contract/roles";
import type { Author } from "../journal/append.ts";
import { memberAdded } from "./journal.ts";
import * as store from "./store.ts";

type NewMember = { personId: string; email: string; role: Role; companyIds: readonly string[] | null };

/** Adds the person as a member; an existing membership stays unchanged. */
export async function addMember(
  author: Author,
  reason: "accepted" | "set_up",
  { personId, ...granted }: NewMember,
): Promise<void> {
  const { database, now } = author;
  const added = await database.maybeOne(
    store.upsertMember(database.enterpriseId, { personId, ...granted }, now),
  );
  if (added) await database.batch([memberAdded(author, reason, { id: personId, ...granted, ...added })]);
}
