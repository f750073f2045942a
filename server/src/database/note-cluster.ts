import type pg from "pg";

/**
 * Notes in which cluster changes are made from now on, when it is another one than before. No change may be under way:
 * of the cluster before all have arrived, and in this one nobody has written yet.
 */
export async function noteCluster(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ may: boolean }>(
    "select has_function_privilege('pg_catalog.pg_control_system()', 'execute') as may",
  );
  // Anybody may, unless it was taken away: then the feed knows of one cluster, as it does where nothing is ever moved.
  if (!rows[0]?.may) return;
  await client.query(
    `insert into journal_clusters (place, system_identifier, first_id)
     select coalesce(last.place + 1, 0), here.system_identifier,
       case when last.place is null then 0 else nextval('changes_id') end
     from pg_control_system() here left join (
       select place, system_identifier from journal_clusters order by place desc limit 1) last on true
     where last.system_identifier is distinct from here.system_identifier`,
  );
}
