-- Customers. Sort keys and search terms are derived from the values on write.

create table customers (
  enterprise_id text collate "C" not null references enterprises,
  id text collate "C" not null check (id ~ '^[0-9a-f]{24}$'),
  external_id text collate "C",
  import_customer_id text collate "C",
  -- field id -> text, or a list of texts
  values jsonb not null,
  tag_ids text[] collate "C" not null default '{}',
  booker_id text collate "C",
  total_bookings integer not null default 0,
  first_name_key text collate "C" not null,
  last_name_key text collate "C" not null,
  company_name_key text collate "C" not null,
  email_key text collate "C" not null,
  search tsvector not null,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (enterprise_id, id),
  constraint customers_import_customer_id_key unique (enterprise_id, import_customer_id)
);
-- Two partial indexes that together give the order by external id, with customers without one first, by id.
create unique index customers_external_id_key on customers (enterprise_id, external_id) where external_id is not null;
create index customers_no_external_id_idx on customers (enterprise_id, id) where external_id is null;
create index customers_booker_idx on customers (enterprise_id, booker_id, id) where booker_id is not null;
create index customers_first_name_idx on customers (enterprise_id, first_name_key, id);
create index customers_last_name_idx on customers (enterprise_id, last_name_key, id);
create index customers_company_name_idx on customers (enterprise_id, company_name_key, id);
create index customers_email_idx on customers (enterprise_id, email_key, id);
create index customers_updated_at_idx on customers (enterprise_id, updated_at, id);
create index customers_total_bookings_idx on customers (enterprise_id, total_bookings, id);
create index customers_found_idx on customers using gin (search, values jsonb_path_ops, tag_ids);
select own_rows_only('customers');

-- Under row-level security only leakproof operators may run before the policy, and GIN operators are not
-- leakproof: a search would read every row. This function reads the index as a role that can only read
-- customers of the session's enterprise. It returns ids; their rows are read under the policy.
create policy searched on customers as permissive for select to clientele_search using (true);
grant select (enterprise_id, id, search, values, tag_ids) on customers to clientele_search;

-- Ids of customers that match every term, every field value and any tag, limited; null skips a condition.
-- Planned per call, because the frequency of a term decides the plan.
create function matching_customers(words tsquery, field_values jsonb, any_tags text[], most integer)
  returns setof text language plpgsql stable security definer set search_path = clientele, pg_temp as $$
begin
  return query execute
    'select id from customers where enterprise_id = $1'
    || case when words is null then '' else ' and search @@ $2' end
    || case when field_values is null then '' else ' and "values" @> $3' end
    || case when any_tags is null then '' else ' and tag_ids && $4' end
    || ' limit $5'
    using current_setting('clientele.enterprise_id', true), words, field_values, any_tags, most;
end $$;

-- The exact number of matches.
create function count_matching_customers(words tsquery, field_values jsonb, any_tags text[])
  returns bigint language plpgsql stable security definer set search_path = clientele, pg_temp as $$
declare
  result bigint;
begin
  execute
    'select count(*) from customers where enterprise_id = $1'
    || case when words is null then '' else ' and search @@ $2' end
    || case when field_values is null then '' else ' and "values" @> $3' end
    || case when any_tags is null then '' else ' and tag_ids && $4' end
    into result
    using current_setting('clientele.enterprise_id', true), words, field_values, any_tags;
  return result;
end $$;

grant create on schema clientele to clientele_search;
alter function matching_customers owner to clientele_search;
alter function count_matching_customers owner to clientele_search;
revoke create on schema clientele from clientele_search;
revoke all on function matching_customers, count_matching_customers from public;
grant execute on function matching_customers, count_matching_customers to clientele_service;

-- Values of unique fields, each with its one customer.
create table unique_values (
  enterprise_id text collate "C" not null,
  field_id text collate "C" not null,
  key text collate "C" not null,
  customer_id text collate "C" not null,
  constraint unique_values_key primary key (enterprise_id, field_id, key),
  foreign key (enterprise_id, field_id) references custom_fields on delete cascade
);
create index unique_values_customer_idx on unique_values (enterprise_id, customer_id);
select own_rows_only('unique_values');

create table customer_counts (
  enterprise_id text collate "C" not null references enterprises,
  slot smallint not null,
  customers bigint not null,
  primary key (enterprise_id, slot)
);
select own_rows_only('customer_counts');
