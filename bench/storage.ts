import type { Environment } from "./environment.ts";
import { assess, type Figure } from "./report.ts";

const bytesMax = 2_100;

/** Bytes on disk per customer, imported once with twelve fields: its rows, their indexes and its journal. */
export async function measureStorage({ superuser }: Environment): Promise<Figure[]> {
  await superuser.query("vacuum (analyze)");
  const { rows: counted } = await superuser.query<{ customers: string }>(
    "select count(*) as customers from customers",
  );
  const customers = Number(counted[0]!.customers);
  // Journal partitions count for the journal.
  const { rows } = await superuser.query<{ name: string; bytes: string }>(
    `select regexp_replace(relname, '_\\d{4}_\\d\\d', '') as name, sum(pg_relation_size(oid)) as bytes from pg_class
     where relnamespace = 'clientele'::regnamespace and relkind in ('r', 'i')
       and relname ~ '^(customers|customer_versions|unique_values|changes)(_|$)'
     group by 1 having sum(pg_relation_size(oid)) > 0 order by 2 desc`,
  );
  const perCustomer = rows.map(({ name, bytes }) => ({ name, bytes: Number(bytes) / customers }));
  const total = perCustomer.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    {
      measurement: `bytes on disk per customer, ${customers} imported once, with the journal`,
      result: Math.round(total).toString(),
      baseline: perCustomer
        .filter(({ bytes }) => bytes >= 1)
        .map(({ name, bytes }) => `${name} ${Math.round(bytes)}`)
        .join(", "),
      ratio: (total / bytesMax).toFixed(2),
      target: assess(`≤ ${bytesMax}`, total <= bytesMax),
    },
  ];
}
