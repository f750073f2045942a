import type { Sql } from "../database/sql.ts";
import { type Author, append } from "../journal/append.ts";
import { changedColumns } from "../journal/difference.ts";
import { required } from "../validation/required.ts";
import { type App, journaledAttributes } from "./store.ts";

/** The journal records the number of secrets, never a secret. */
export const appChanged = (
  author: Author,
  reason: "request" | "operator",
  before: App | null,
  after: App | null,
): Sql =>
  append(author, "app", reason, [
    {
      subjectId: required(after ?? before, "the record").id,
      version: after?.version ?? required(before, "before").version + 1,
      ...required(changedColumns(journaledAttributes, before, after), "the difference"),
    },
  ]);
