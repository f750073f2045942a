import type pg from "pg";

/**
 * Records the cluster in which changes are made from now on, if it differs from the last one. Runs before any change is
 * made: all changes of the earlier cluster have arrived, and nothing is written in this one.
 */
export async function noteCluster(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ may: boolean }>(
    "select has_function_privilege('pg_catalog.pg_control_system()', 'execute') as may",
  );
  // Any role has this privilege unless it was revoked: without it the feed assumes one cluster, which is right for a
  // database that is never moved.
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
