import type { Sql } from "../database/sql.ts";
import { type Author, append } from "../journal/append.ts";
import { changedColumns } from "../journal/difference.ts";
import { required } from "../validation/required.ts";
import { attributes, type StopReason, type Webhook } from "./store.ts";

/** The journal entry of a changed webhook. Secrets are not in it, only until when the former one is valid. */
export function webhookChanged(
  author: Author,
  reason: "request" | StopReason,
  before: Webhook | null,
  after: Webhook | null,
): Sql[] {
  const difference = changedColumns(attributes, before, after);
  if (difference === null) return [];
  const subject = {
    subjectId: required(after ?? before, "the record").id,
    version: after?.version ?? required(before, "before").version + 1,
  };
  return [append(author, "webhook", reason, [{ ...subject, ...difference }])];
}
