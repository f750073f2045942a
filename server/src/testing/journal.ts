import type { TestApp } from "./start-app.ts";

/** The journal of a record, oldest first. */
export async function journalOf(it: TestApp, id: string) {
  const { rows } = await it.database.admin.query(
    "select kind, version, reason, before, after from changes where subject_id = $1 order by number",
    [id],
  );
  return rows;
}
