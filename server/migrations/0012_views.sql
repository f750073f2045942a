-- What people have made of the table of customers.

create table customer_views (
  enterprise_id text collate "C" not null references enterprises,
  id text collate "C" not null check (id ~ '^[0-9a-f]{24}$'),
  -- A person, or an app.
  owner_id text collate "C" not null,
  -- Null: the table as its owner has left it.
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

-- The table is in the order of full names, and jumped about in: with the last names in the index of the first, that
-- order is put together from the index alone.
drop index customers_first_name_idx;
create index customers_first_name_idx on customers (enterprise_id, first_name_key, id) include (last_name_key);
