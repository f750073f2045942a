import type { Sql } from "../database/sql.ts";
import { type Author, append } from "../journal/append.ts";
import { differenceOf } from "../journal/difference.ts";
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
      subjectId: (after ?? before)!.id,
      version: after?.version ?? before!.version + 1,
      ...differenceOf(journaledAttributes, before, after)!,
    },
  ]);
