import type { Author } from "../journal/append.ts";
import { memberAdded } from "./journal.ts";
import * as store from "./store.ts";

/** Adds the person as a member; an existing membership stays unchanged. */
export async function addMember(
  author: Author,
  reason: "accepted" | "set_up",
  { person, role, companyIds }: store.NewMember,
): Promise<void> {
  const { database, now } = author;
  const added = await database.maybeOne(
    store.upsertMember(database.enterpriseId, { person, role, companyIds }, now),
  );
  const { id, email } = person;
  if (added) await database.batch([memberAdded(author, reason, { id, email, role, companyIds, ...added })]);
}
