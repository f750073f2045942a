import type { Sql } from "../database/sql.ts";
import { type Author, append } from "../journal/append.ts";
import { changedColumns } from "../journal/difference.ts";
import { required } from "../validation/required.ts";
import { type Company, journaledAttributes } from "./store.ts";

export const companyChanged = (
  author: Author,
  reason: "request" | "operator",
  before: Company | null,
  after: Company,
): Sql =>
  append(author, "company", reason, [
    {
      subjectId: after.id,
      version: after.version,
      ...required(changedColumns(journaledAttributes, before, after), "the difference"),
    },
  ]);
