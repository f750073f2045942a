-- Saved views of the customer table.

create table customer_views (
  enterprise_id text collate "C" not null references enterprises,
  id text collate "C" not null check (id ~ '^[0-9a-f]{24}$'),
  -- A person or an app.
  owner_id text collate "C" not null,
  -- Null: the last state of the owner's table.
  name text,
  is_shared boolean not null default false,
  definition jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (enterprise_id, id),
  check (name is not null or not is_shared)
);
create unique index customer_views_name_key on customer_views (enterprise_id, owner_id, lower(name))
  where name is not null;
create unique index customer_views_current_key on customer_views (enterprise_id, owner_id) where name is null;
create index customer_views_shared_idx on customer_views (enterprise_id, id) where is_shared;
select own_rows_only('customer_views');

-- The table is sorted by full name and supports jumps: with last names in the index of first names an
-- index-only scan gives that order.
drop index customers_first_name_idx;
create index customers_first_name_idx on customers (enterprise_id, first_name_key, id) include (last_name_key);
