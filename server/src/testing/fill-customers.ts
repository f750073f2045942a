import type pg from "pg";
import { searchTermPrefix } from "../customers/derived/derive.ts";

/** An enterprise to fill, and the fields that its customers have values of. */
export type FilledEnterprise = { id: string; customers: number; fieldKeys: Readonly<Record<string, string>> };

const rowsPerStatement = 50_000;

/** Keys of the default fields in stored values, by the fields' default ids. */
export async function defaultFieldKeys(
  admin: pg.Client,
  enterpriseId: string,
): Promise<Record<string, string>> {
  const { rows } = await admin.query<{ default_id: string; key: string }>(
    "select default_id, number::text as key from custom_fields where enterprise_id = $1 and default_id is not null",
    [enterpriseId],
  );
  return Object.fromEntries(rows.map((row) => [row.default_id, row.key]));
}

/**
 * Customers made by the database itself, some thousand a second: number i has the id i, and every tenth customer no
 * external id. Names are skewed as in real lists. Each customer has the term `everybody`, every tenth one `tenth` and
 * a tag, and one of its own, `only…x`; every seventh has a booking.
 */
export async function fillCustomers(
  admin: pg.Client,
  { id, customers, fieldKeys }: FilledEnterprise,
): Promise<void> {
  const fields = ["firstName", "lastName", "email", "mobilePhone", "city", "zipcode"].map(
    (name) => fieldKeys[name],
  );
  for (let from = 1; from <= customers; from += rowsPerStatement) {
    const to = Math.min(customers, from + rowsPerStatement - 1);
    await admin.query(
      `insert into customers (enterprise_id, id, external_id, values, tag_ids, first_name_key, last_name_key,
         company_name_key, email_key, search)
       select $1, id_of_text(lpad(to_hex(i), 24, '0')), case when i % 10 > 0 then 'K-' || i end,
         jsonb_build_object(($4::text[])[1], initcap(first), ($4::text[])[2], initcap(last), ($4::text[])[3], email,
           ($4::text[])[4], format('{"country":"DE","number":"%s","phone":"+49%s","prefix":"49"}', phone, phone),
           ($4::text[])[5], 'City ' || i % 20, ($4::text[])[6], lpad((i * 7919 % 100000)::text, 5, '0')),
         case when i % 10 = 0 then array[id_of_text(repeat('a', 24))] else '{}' end,
         first, last, case when i % 3 = 0 then last || ' gmbh' end, email,
         array_to_tsvector(array(select $5 || term from unnest(array['everybody', case when i % 10 = 0 then 'tenth' end,
           'only' || i || 'x', first, last, email, 'example.com', 'k-' || i, '+49' || phone, '>' || phone,
           '<' || reverse('49' || phone)]) as term where term is not null))
       from generate_series($2::bigint, $3::bigint) as i
         cross join lateral (select i * 7919 % 1000 / 1000.0 as a, i * 104729 % 1000 / 1000.0 as b) as random
         cross join lateral (select 'first' || chr(97 + floor(a * a * 26)::integer) as first,
           'last' || chr(97 + floor(b * b * 26)::integer) || case when i % 2 = 0 then (i % 1000)::text else '' end as last,
           'customer.' || i || '@example.com' as email, '151' || lpad((i * 15485863 % 100000000)::text, 8, '0') as phone) as made`,
      [id, from, to, fields, searchTermPrefix(id)],
    );
    await admin.query(
      `insert into customer_versions (enterprise_id, customer_id, updated_at, version, total_bookings)
       select $1, id_of_text(lpad(to_hex(i), 24, '0')), timestamptz '2026-01-01Z' + i * interval '1 second', 1, case when i % 7 = 0 then 1 else 0 end
       from generate_series($2::bigint, $3::bigint) as i`,
      [id, from, to],
    );
  }
  await admin.query("insert into customer_counts (enterprise_id, slot, customers) values ($1, 0, $2)", [
    id,
    customers,
  ]);
}
