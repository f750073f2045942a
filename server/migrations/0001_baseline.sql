-- An enterprise owns all records; a company is one of its branches, an app is an API client.

-- Roles belong to the server: another database on it may have created them, or be creating them now.
do $$
declare
  role name;
begin
  foreach role in array array['clientele_service', 'clientele_operator', 'clientele_housekeeping',
    'clientele_search', 'clientele_people'] loop
    if not exists (select from pg_roles where rolname = role) then
      begin
        execute format('create role %I nologin', role);
      exception when duplicate_object or unique_violation then null;
      end;
    end if;
  end loop;
end $$;
grant clientele_service, clientele_operator, clientele_housekeeping, clientele_search, clientele_people to current_user;
grant usage on schema clientele
  to clientele_service, clientele_operator, clientele_housekeeping, clientele_search, clientele_people;

-- Row-level security, the same single policy on every table: rows of the session's enterprise, none without one.
-- Permissive policies add up, so a second one for these roles would widen the first.
create function own_rows_only(target regclass, enterprise_column name default 'enterprise_id') returns void
  language plpgsql as $$
begin
  execute format('alter table %s enable row level security, force row level security', target);
  execute format(
    'create policy own_enterprise on %s to clientele_service, clientele_operator'
    ' using (%I = nullif(current_setting(''clientele.enterprise_id'', true), '''')::bigint)', target, enterprise_column);
  execute format('grant select, insert, update, delete on %s to clientele_service, clientele_operator', target);
end $$;

-- An id has 24 hex digits outside of the database and is a uuid in it: 12 bytes, the first four its second of creation,
-- and 4 zero bytes. The service converts parameters and results; these are for JSON and for the tables of people.
create function text_of_id(id uuid) returns text language sql immutable strict parallel safe
  return left(replace(id::text, '-', ''), 24);
create function id_of_text(digits text) returns uuid language sql immutable strict parallel safe
  return (digits || '00000000')::uuid;
create function texts_of_ids(ids uuid[]) returns text[] language sql immutable strict parallel safe
  return regexp_replace(replace(ids::text, '-', ''), '([0-9a-f]{24})0{8}', '\1', 'g')::text[];

create table enterprises (
  -- The last 52 bits of the id, the name of the enterprise in every other table. Not counted: a token's enterprise is
  -- entered without a look-up, and keeps its key in another database.
  key bigint primary key,
  id uuid not null unique,
  name text not null,
  -- Incremented by every change of a field, category or tag; invalidates cached definitions.
  definitions_revision bigint not null default 1,
  -- The default fields that the enterprise has been given: each is added once, also by a later version.
  default_field_ids text[] not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null
);
alter table enterprises enable row level security, force row level security;
create policy own_enterprise on enterprises to clientele_service
  using (key = nullif(current_setting('clientele.enterprise_id', true), '')::bigint);
-- Lets the operator list enterprises. Inside one, the operator needs a session like everybody.
create policy all_enterprises on enterprises to clientele_operator using (true);
grant select, update on enterprises to clientele_service;
grant select, insert, update on enterprises to clientele_operator;

create table companies (
  enterprise_id bigint not null references enterprises,
  id uuid not null,
  external_id text collate "C",
  name text not null,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (enterprise_id, id),
  constraint companies_external_id_key unique (enterprise_id, external_id),
  constraint companies_name_key unique (enterprise_id, name)
);
select own_rows_only('companies');

create table apps (
  enterprise_id bigint not null references enterprises,
  id uuid not null,
  name text not null,
  secret_hash text not null,
  -- Incremented by secret rotation, which invalidates tokens of earlier versions.
  secret_version integer not null default 1,
  scopes text[] not null default '{READ,WRITE,DELETE}',
  -- Companies the app may act for; null means all.
  company_ids uuid[],
  version integer not null default 1,
  created_at timestamptz not null,
  rotated_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  primary key (enterprise_id, id)
);
select own_rows_only('apps');

-- Keys that sign tokens, one set per installation.
create table signing_keys (
  id text collate "C" primary key,
  secret bytea not null,
  created_at timestamptz not null default now()
);
grant select, insert on signing_keys to clientele_service, clientele_operator;

create table idempotency_keys (
  enterprise_id bigint not null references enterprises,
  -- An app or a person.
  caller_id uuid not null,
  key text collate "C" not null,
  fingerprint text not null,
  status smallint not null,
  etag text,
  location text,
  body text not null,
  -- A response that contains a secret is stored encrypted.
  is_sealed boolean not null default false,
  created_at timestamptz not null,
  primary key (enterprise_id, caller_id, key)
);
-- Expired keys of all enterprises are deleted together.
create index idempotency_keys_created_at_idx on idempotency_keys (created_at);
select own_rows_only('idempotency_keys');

-- Definitions of customers: fields in categories, and tags.

create table categories (
  enterprise_id bigint not null references enterprises,
  id uuid not null,
  external_id text collate "C",
  name text not null,
  translation_key text not null default '',
  order_index integer not null,
  is_default boolean not null default false,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (enterprise_id, id),
  constraint categories_external_id_key unique (enterprise_id, external_id),
  constraint categories_name_key unique (enterprise_id, name)
);
create unique index categories_one_default_key on categories (enterprise_id) where is_default;
select own_rows_only('categories');

create table custom_fields (
  enterprise_id bigint not null,
  id uuid not null,
  -- The key of the field's values, from 1. Never reused, because the journal has values of deleted fields.
  number smallint not null check (number > 0),
  external_id text collate "C",
  default_id text collate "C",
  category_id uuid not null,
  type text not null,
  label text not null,
  translation_key text not null default '',
  placeholder text not null default '',
  -- [{"id","value","label","orderIndex","isActive"}], ordered
  select_options jsonb not null default '[]',
  is_mandatory boolean not null default false,
  is_mandatory_online boolean not null default false,
  is_unique boolean not null default false,
  is_searchable boolean not null default false,
  is_active boolean not null default true,
  order_index integer not null,
  validation jsonb not null default '{}',
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (enterprise_id, id),
  foreign key (enterprise_id, category_id) references categories,
  constraint custom_fields_number_key unique (enterprise_id, number),
  constraint custom_fields_external_id_key unique (enterprise_id, external_id),
  constraint custom_fields_default_id_key unique (enterprise_id, default_id),
  constraint custom_fields_label_key unique (enterprise_id, label)
);
select own_rows_only('custom_fields');

-- The numbers of deleted fields.
create table deleted_fields (
  enterprise_id bigint not null,
  number smallint not null,
  id uuid not null,
  primary key (enterprise_id, number)
);
select own_rows_only('deleted_fields');

create table tags (
  enterprise_id bigint not null references enterprises,
  id uuid not null,
  name text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (enterprise_id, id)
);
create unique index tags_name_key on tags (enterprise_id, lower(name));
select own_rows_only('tags');

-- Customers. Sort keys and search terms are derived from the values on write.

create table customers (
  enterprise_id bigint not null,
  id uuid not null,
  external_id text collate "C",
  import_customer_id text collate "C",
  -- field number -> text, or a list of texts
  values jsonb not null,
  tag_ids uuid[] not null default '{}',
  booker_id text collate "C",
  first_name_key text collate "C" not null,
  last_name_key text collate "C" not null,
  -- Null without a company.
  company_name_key text collate "C",
  email_key text collate "C" not null,
  search tsvector not null
);
create unique index customers_import_customer_id_key on customers (enterprise_id, import_customer_id)
  where import_customer_id is not null;
-- Columns that many customers lack have two indexes: one of the values, and one of the customers without, whose equal
-- entries PostgreSQL merges to 6 bytes each. Customers without come first, by id, from the primary key.
create unique index customers_external_id_key on customers (enterprise_id, external_id) where external_id is not null;
create index customers_no_external_id_idx on customers (enterprise_id) where external_id is null;
create index customers_booker_idx on customers (enterprise_id, booker_id, id) where booker_id is not null;
create index customers_full_name_idx on customers (enterprise_id, first_name_key, last_name_key, id);
create index customers_last_name_idx on customers (enterprise_id, last_name_key, id);
create index customers_company_name_idx on customers (enterprise_id, company_name_key, id)
  where company_name_key is not null;
create index customers_no_company_name_idx on customers (enterprise_id) where company_name_key is null;
create index customers_email_idx on customers (enterprise_id, email_key, id);
-- The enterprise is part of every entry: search terms begin with it, values are below it, and tags belong to it.
-- Every search reads the pending list: at most 32 pages of it instead of 512 add 4 % to inserts.
create index customers_found_idx on customers using gin (
  search, jsonb_set('{}', array[enterprise_id::text], values) jsonb_path_ops, tag_ids
) with (gin_pending_list_limit = 256);
-- Created after the other indexes: of equal costs the planner takes the index that was created last, and in a small
-- table every index that contains the id looks equally good.
alter table customers add primary key (enterprise_id, id);
select own_rows_only('customers');

-- What changes with each write and each booking, in one narrow row per customer: a booking does not rewrite the
-- customer and its indexes. Writers of a customer lock this row.
create table customer_versions (
  enterprise_id bigint not null,
  customer_id uuid not null,
  updated_at timestamptz not null,
  version integer not null,
  total_bookings integer not null default 0
);
create index customer_versions_updated_at_idx on customer_versions (enterprise_id, updated_at, customer_id);
create index customer_versions_booked_idx on customer_versions (enterprise_id, total_bookings, customer_id)
  where total_bookings > 0;
create index customer_versions_unbooked_idx on customer_versions (enterprise_id) where total_bookings = 0;
alter table customer_versions add primary key (enterprise_id, customer_id);
select own_rows_only('customer_versions');

-- Under row-level security only leakproof operators may run before the policy, and GIN operators are not
-- leakproof: a search would read every row. This view reads the index as a role that sees all customers, and
-- returns those of the session's enterprise. The subquery is evaluated once, not per row. No B-tree index has
-- `enterprise_id + 0`, so the search index is the only way to the rows, whatever the estimates.
create policy searched on customers for select to clientele_search using (true);
grant select (enterprise_id, id, external_id, values, tag_ids, booker_id, first_name_key, last_name_key,
  company_name_key, email_key, search) on customers to clientele_search;
create view customer_search as
  select enterprise_id + 0 as enterprise_id, id, external_id, values, tag_ids, booker_id, first_name_key,
    last_name_key, company_name_key, email_key, search,
    jsonb_set('{}', array[enterprise_id::text], values) as enterprise_values
  from customers
  where enterprise_id + 0 = (select nullif(current_setting('clientele.enterprise_id', true), '')::bigint);
grant create on schema clientele to clientele_search;
alter view customer_search owner to clientele_search;
revoke create on schema clientele from clientele_search;
revoke all on customer_search from clientele_search;
grant select on customer_search to clientele_service;

-- Values of unique fields, each with its one customer. Without a foreign key to fields: checking it per value took
-- half the time of making a field unique. Deleting a field deletes its values in the same transaction.
create table unique_values (
  enterprise_id bigint not null,
  field_number smallint not null,
  key text collate "C" not null,
  -- Null while several customers have the value and the field is becoming unique.
  customer_id uuid,
  constraint unique_values_key primary key (enterprise_id, field_number, key)
);
create index unique_values_customer_idx on unique_values (enterprise_id, customer_id);
select own_rows_only('unique_values');

-- Plans for these tables follow from their sizes alone. Statistics would tell the planner that an enterprise which
-- arrived after the last ANALYZE has one customer, and every index would look equally good.
do $$
declare
  statement text;
begin
  for statement in
    select format('alter table %s alter column %I set statistics 0', attrelid::regclass, attname)
    from pg_attribute where attnum > 0 and not attisdropped
      and attrelid in ('customers'::regclass, 'customer_versions'::regclass, 'unique_values'::regclass)
  loop
    execute statement;
  end loop;
end $$;

create table customer_counts (
  enterprise_id bigint not null references enterprises,
  slot smallint not null,
  customers bigint not null,
  primary key (enterprise_id, slot)
);
select own_rows_only('customer_counts');

-- Events and bookings. An event outlives its customer, anonymised.

create table events (
  enterprise_id bigint not null,
  id uuid not null,
  external_id text collate "C",
  -- Null after the customer is deleted.
  customer_id uuid,
  company_id uuid,
  type text not null,
  title text not null default '',
  notes text not null default '',
  status text not null default '',
  start_at timestamptz not null,
  end_at timestamptz not null,
  metadata jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (enterprise_id, id),
  foreign key (enterprise_id, company_id) references companies
);
create unique index events_external_id_key on events (enterprise_id, external_id) where external_id is not null;
create index events_customer_idx on events (enterprise_id, customer_id, start_at desc, id desc);
-- The customers of a company: those with events there.
create index events_company_idx on events (enterprise_id, company_id, customer_id)
  where company_id is not null and customer_id is not null;
select own_rows_only('events');

-- Imports that run after their request: the file, the outcome of each row, and the queue.

create table import_files (
  enterprise_id bigint not null references enterprises,
  id uuid not null,
  type text not null,
  name text not null default '',
  encoding text,
  size_bytes bigint not null default 0,
  -- Null until the upload is complete.
  sha256 text,
  created_at timestamptz not null,
  primary key (enterprise_id, id)
);
create index import_files_created_at_idx on import_files (created_at);
select own_rows_only('import_files');

create table import_file_pieces (
  enterprise_id bigint not null,
  file_id uuid not null,
  piece integer not null,
  -- Compressed by the service, so PostgreSQL does not try.
  bytes bytea not null,
  primary key (enterprise_id, file_id, piece),
  foreign key (enterprise_id, file_id) references import_files on delete cascade
);
alter table import_file_pieces alter column bytes set storage external;
select own_rows_only('import_file_pieces');

create table customer_imports (
  enterprise_id bigint not null references enterprises,
  id uuid not null,
  kind text not null check (kind in ('import', 'bulk', 'undo')),
  phase text not null check (phase in
    ('queued', 'reading', 'planning', 'checking', 'applying', 'undoing', 'completed', 'failed', 'cancelled')),
  dry_run boolean not null default false,
  file_id uuid,
  -- Identifies repeated requests for one import: the file and its options.
  fingerprint text not null,
  options jsonb not null default '{}',
  columns jsonb not null default '[]',
  -- The dry run whose plan is applied; the import that is undone.
  plan_id uuid,
  undoes_id uuid,
  -- Completed chunks of the phase, incremented in the transaction of each chunk.
  position integer not null default 0,
  rows_total bigint,
  rows_read bigint not null default 0,
  created bigint not null default 0,
  updated bigint not null default 0,
  unchanged bigint not null default 0,
  deleted bigint not null default 0,
  failed bigint not null default 0,
  warned bigint not null default 0,
  -- Progress within the phase, 0 to 1, and the time spent on it.
  progress real not null default 0,
  busy_ms bigint not null default 0,
  problem jsonb,
  cancel_requested boolean not null default false,
  -- The author: an app or a person, never both.
  app_id uuid,
  person_id uuid,
  company_id uuid,
  request_id text not null,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  primary key (enterprise_id, id),
  foreign key (enterprise_id, file_id) references import_files
);
create index customer_imports_created_at_idx on customer_imports (created_at);
create index customer_imports_file_idx on customer_imports (enterprise_id, file_id);
create index customer_imports_fingerprint_idx on customer_imports (enterprise_id, fingerprint);
create index customer_imports_undoes_idx on customer_imports (enterprise_id, undoes_id) where undoes_id is not null;
select own_rows_only('customer_imports');

create table import_chunks (
  enterprise_id bigint not null,
  import_id uuid not null,
  position integer not null,
  first_row bigint not null,
  rows integer not null,
  created integer not null,
  updated integer not null,
  unchanged integer not null,
  deleted integer not null,
  failed integer not null,
  -- One entry per row, in order.
  results jsonb not null,
  primary key (enterprise_id, import_id, position),
  foreign key (enterprise_id, import_id) references customer_imports on delete cascade
);
select own_rows_only('import_chunks');

-- Planned customers of a dry run so far: later rows continue from them.
create table planned_customers (
  enterprise_id bigint not null,
  import_id uuid not null,
  customer_id uuid not null,
  external_id text collate "C",
  import_customer_id text collate "C",
  state jsonb not null,
  primary key (enterprise_id, import_id, customer_id),
  foreign key (enterprise_id, import_id) references customer_imports on delete cascade
);
create index planned_customers_external_id_idx on planned_customers (enterprise_id, import_id, external_id);
create index planned_customers_import_customer_id_idx
  on planned_customers (enterprise_id, import_id, import_customer_id);
select own_rows_only('planned_customers');

create table planned_unique_values (
  enterprise_id bigint not null,
  import_id uuid not null,
  -- Negative for a field that the import creates.
  field_number smallint not null,
  key text collate "C" not null,
  customer_id uuid not null,
  primary key (enterprise_id, import_id, field_number, key),
  foreign key (enterprise_id, import_id) references customer_imports on delete cascade
);
create index planned_unique_values_customer_idx on planned_unique_values (enterprise_id, import_id, customer_id);
select own_rows_only('planned_unique_values');

-- The queue of all enterprises, one per installation. A worker holds a lease by the database's clock, which
-- expires if the worker dies.
create table import_queue (
  enterprise bigint not null,
  import uuid not null,
  queued_at timestamptz not null default clock_timestamp(),
  leased_until timestamptz,
  holder text,
  primary key (enterprise, import)
);
alter table import_queue enable row level security, force row level security;
create policy own_enterprise on import_queue for insert to clientele_service
  with check (enterprise = nullif(current_setting('clientele.enterprise_id', true), '')::bigint);
create policy all_enterprises on import_queue to clientele_operator using (true);
grant insert on import_queue to clientele_service;
grant select, insert, update, delete on import_queue to clientele_operator;

-- The journal: every change, written in the transaction that makes it. Append only. Partitioned by month: retention
-- drops whole partitions, and each has an index by subject.

-- Differs in a database that was restored beside its original.
create function database_id() returns oid language sql stable as $$
  select oid from pg_database where datname = current_database()
$$;

-- The epochs in which servers have written: one begins with each start of a server, whether after a restart, a
-- promotion, a restore or a copy of its folder. Ids of epochs are random, so two servers never share one.
create table epochs (
  id integer primary key check (id between 0 and 16777215),
  server_started_at timestamptz not null default pg_postmaster_start_time(),
  database_id oid not null default database_id(),
  began_at timestamptz not null default clock_timestamp(),
  unique (server_started_at, database_id)
);
grant select, insert (id) on epochs to clientele_service, clientele_operator;

-- The last change of each enterprise. Appending raises the number under a row lock that ends with the commit, so
-- numbers have no gaps and become visible in order. A low fill factor keeps the updates within the page.
create table positions (
  enterprise_id bigint primary key references enterprises,
  number bigint not null default 0,
  -- Later in every transaction than in the one before.
  at timestamptz not null default 'epoch',
  epoch integer not null default 0,
  -- The epoch before the transaction that wrote last.
  previous_epoch integer not null default 0,
  -- The transaction that wrote last: all its changes have one time.
  transaction_id xid8,
  -- At `settled_at`, every change up to the time `settled_until` was visible.
  settled_at timestamptz not null default '-infinity',
  settled_until timestamptz not null default 'epoch'
) with (fillfactor = 20);
select own_rows_only('positions');
revoke insert, delete on positions from clientele_service;
revoke delete on positions from clientele_operator;

create table changes (
  enterprise_id bigint not null,
  number bigint not null,
  at timestamptz not null,
  -- The epoch of the server that wrote the change, and of the change before unless it is the same.
  epoch integer not null,
  previous_epoch integer,
  -- The subject's version after the change; 0 where the subject has none.
  version integer not null,
  import_line integer,
  -- Numbers come before texts and ids, which need no padding between them.
  subject_id uuid not null,
  -- The author: an app or a person, never both.
  app_id uuid,
  person_id uuid,
  company_id uuid,
  import_id uuid,
  subject text not null check (subject in ('customer', 'custom_field', 'category', 'tag', 'event', 'import', 'app',
    'company', 'webhook', 'person')),
  kind text not null check (kind in ('created', 'updated', 'deleted', 'completed')),
  reason text not null,
  request_id text not null,
  -- The attributes that changed, before and after. Null before a creation and after a deletion. The creation of a
  -- customer has no `after` either: it is derived from the present customer and the later changes.
  before jsonb,
  after jsonb,
  -- The feed reads ranges of numbers; the partition key has to be part of the key.
  primary key (enterprise_id, number, at)
) partition by range (at);
create index changes_subject_idx on changes (enterprise_id, subject_id, number);
-- Restoring a customer finds the bookings that its deletion anonymised: those of the same transaction, so of its time.
create index changes_anonymised_idx on changes (enterprise_id, at) where reason = 'customer_deleted';
-- Deleted and recreated customers. A creation time is part of the id, so creations need no index.
create index changes_departures_idx on changes (enterprise_id, at, subject_id)
  where subject = 'customer' and (kind = 'deleted' or (kind = 'created' and version > 1));
select own_rows_only('changes');
revoke update, delete on changes from clientele_service, clientele_operator;

-- Rows without a partition of their month, after clock errors or missed maintenance.
create table changes_default partition of changes default;
select own_rows_only('changes_default');
revoke all on changes_default from clientele_service, clientele_operator;

-- Creates the partition of a month if missing. It is accessed through the journal only.
create function make_changes_of(month date) returns void language plpgsql as $$
declare
  first constant date := date_trunc('month', month);
  name constant text := 'changes_' || to_char(first, 'YYYY_MM');
begin
  if to_regclass('clientele.' || name) is not null then
    return;
  end if;
  execute format('create table clientele.%I partition of clientele.changes for values from (%L) to (%L)',
    name, first::timestamp at time zone 'UTC', (first + interval '1 month')::timestamp at time zone 'UTC');
  perform own_rows_only(('clientele.' || name)::regclass);
  execute format('revoke all on clientele.%I from clientele_service, clientele_operator', name);
exception
  -- Rows of that month already in the default partition stay there.
  when check_violation then null;
end $$;

select make_changes_of(month::date) from generate_series(
  date_trunc('month', now()), now() + interval '2 months', interval '1 month') as month;

-- Creates the coming partitions and drops those before a day, on behalf of the operator role, which owns no
-- table.
create function keep_changes(since date) returns integer
  language plpgsql security definer set search_path = clientele, pg_temp as $$
declare
  month date;
  partition regclass;
  dropped integer := 0;
begin
  for month in select generate_series(date_trunc('month', now()), now() + interval '2 months', interval '1 month') loop
    perform make_changes_of(month);
  end loop;
  if since is null then
    return 0;
  end if;
  for partition, month in
    select inhrelid::regclass, to_date(substring(relname from '\d{4}_\d\d$'), 'YYYY_MM')
    from pg_inherits join pg_class on pg_class.oid = inhrelid
    where inhparent = 'changes'::regclass and relname ~ '^changes_\d{4}_\d\d$'
  loop
    if month + interval '1 month' <= since then
      execute format('drop table %s', partition);
      dropped := dropped + 1;
    end if;
  end loop;
  return dropped;
end $$;
revoke all on function make_changes_of, keep_changes from public;
grant execute on function keep_changes to clientele_operator;

-- Webhook endpoints: each reads the journal from its own position, and deliveries are stored until they
-- succeed.

create table webhooks (
  enterprise_id bigint not null references enterprises,
  id uuid not null,
  url text not null,
  description text not null,
  kinds text[] not null,
  -- Null means all companies, and changes without a company.
  company_ids uuid[],
  -- Encrypted rather than hashed, because they sign. The previous secret also signs until it expires.
  secret bytea not null,
  former_secret bytea,
  former_secret_until timestamptz,
  -- Why delivery stopped: on request, after long failure, or because the receiver answered 410.
  stopped text check (stopped in ('paused', 'failing', 'gone')),
  stopped_at timestamptz,
  -- The first failure since the last success.
  failing_since timestamptz,
  -- Retry-After of the receiver.
  resting_until timestamptz,
  -- Position in the journal.
  position jsonb not null,
  -- Number of deliveries, which orders them. The last one became due then; none becomes due earlier.
  deliveries bigint not null default 0,
  last_due_at timestamptz not null,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (enterprise_id, id)
);
select own_rows_only('webhooks');

create table webhook_deliveries (
  enterprise_id bigint not null,
  webhook_id uuid not null,
  id uuid not null,
  ordinal bigint not null,
  -- The id for the receiver, the same for every attempt.
  message_id text collate "C" not null,
  kind text not null,
  subject_id uuid not null,
  change_id bigint,
  body text not null,
  status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
  attempts integer not null default 0,
  -- Attempts since the last manual redelivery; the position in the retry schedule.
  tries integer not null default 0,
  due_at timestamptz not null,
  created_at timestamptz not null,
  finished_at timestamptz,
  primary key (enterprise_id, webhook_id, id),
  constraint webhook_deliveries_message_key unique (enterprise_id, webhook_id, message_id),
  foreign key (enterprise_id, webhook_id) references webhooks on delete cascade
);
create index webhook_deliveries_due_idx on webhook_deliveries (enterprise_id, webhook_id, due_at, ordinal)
  where status = 'pending';
create index webhook_deliveries_untried_idx on webhook_deliveries (enterprise_id, webhook_id)
  where status = 'pending' and tries = 0;
create index webhook_deliveries_created_at_idx
  on webhook_deliveries (enterprise_id, webhook_id, created_at, ordinal);
create index webhook_deliveries_finished_idx on webhook_deliveries (created_at) where status <> 'pending';
select own_rows_only('webhook_deliveries');

create table webhook_attempts (
  enterprise_id bigint not null,
  webhook_id uuid not null,
  delivery_id uuid not null,
  attempt integer not null,
  at timestamptz not null,
  duration_ms integer not null,
  -- From the response; null without one.
  status integer,
  answer text not null,
  error text not null,
  -- The error as data.
  error_key text,
  error_params jsonb,
  primary key (enterprise_id, webhook_id, delivery_id, attempt),
  foreign key (enterprise_id, webhook_id, delivery_id) references webhook_deliveries on delete cascade
);
select own_rows_only('webhook_attempts');

-- The delivery queue of all enterprises, one row per active endpoint. A worker holds a lease by the
-- database's clock that outlasts a delivery. Meanwhile due_at is infinity, so that a time set during the delivery
-- is kept for the next worker.
create table webhook_queue (
  enterprise bigint not null,
  webhook uuid not null,
  due_at timestamptz not null,
  -- Failing endpoints wait for each other and do not delay others.
  is_failing boolean not null default false,
  holder text,
  leased_until timestamptz,
  -- The enterprise's position up to which its changes have made the endpoint due.
  journal_number bigint not null default 0,
  primary key (enterprise, webhook)
);
create index webhook_queue_due_at_idx on webhook_queue (is_failing, due_at);
create index webhook_queue_leased_until_idx on webhook_queue (is_failing, leased_until)
  where leased_until is not null;
alter table webhook_queue enable row level security, force row level security;
create policy own_enterprise on webhook_queue to clientele_service
  using (enterprise = nullif(current_setting('clientele.enterprise_id', true), '')::bigint);
create policy all_enterprises on webhook_queue to clientele_operator using (true);
grant select, insert, update (due_at), delete on webhook_queue to clientele_service;
grant select, insert, update, delete on webhook_queue to clientele_operator;

-- People sign in to the installation; their roles belong to each enterprise.

create table people (
  id text collate "C" primary key check (id ~ '^[0-9a-f]{24}$'),
  email text collate "C" not null check (email = lower(email)),
  email_verified boolean not null default false,
  name text not null,
  locale text not null default 'en' check (locale in ('en', 'de')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint people_email_key unique (email)
);

-- Credentials: a password hash, or the subject of an OpenID Connect issuer.
create table people_accounts (
  id text collate "C" primary key,
  person_id text collate "C" not null references people on delete cascade,
  provider_id text collate "C" not null,
  account_id text collate "C" not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint people_accounts_account_key unique (provider_id, account_id)
);
create index people_accounts_person_idx on people_accounts (person_id);

create table people_sessions (
  id text collate "C" primary key,
  person_id text collate "C" not null references people on delete cascade,
  token text collate "C" not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Maximum lifetime: extending a session cannot exceed it.
  check (expires_at <= created_at + interval '30 days 1 minute')
);
create index people_sessions_person_idx on people_sessions (person_id);

-- State of a sign-in through an issuer.
create table people_verifications (
  id text collate "C" primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index people_verifications_identifier_idx on people_verifications (identifier);

-- One-time links: set-up of the first administrator, and password resets.
create table people_links (
  token_hash text collate "C" primary key,
  kind text not null check (kind in ('set-up', 'reset')),
  person_id text collate "C" references people on delete cascade,
  expires_at timestamptz,
  check ((kind = 'reset') = (person_id is not null))
);

create table members (
  enterprise_id bigint not null references enterprises,
  person_id uuid not null,
  role text not null check (role in ('viewer', 'editor', 'administrator')),
  -- Companies the member may act for; null means all.
  company_ids uuid[],
  -- Copies of the person's, so that no statement of an enterprise reads people.
  name text not null,
  email text collate "C" not null,
  locale text not null,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- Removed members stay, so that the journal can name them.
  removed_at timestamptz,
  primary key (enterprise_id, person_id)
);
select own_rows_only('members');
create index members_person_idx on members (person_id);

create table invitations (
  enterprise_id bigint not null references enterprises,
  id uuid not null,
  email text collate "C" not null check (email = lower(email)),
  role text not null check (role in ('viewer', 'editor', 'administrator')),
  company_ids uuid[],
  token_hash text collate "C" not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (enterprise_id, id),
  constraint invitations_email_key unique (enterprise_id, email)
);
select own_rows_only('invitations');
create index invitations_person_idx on invitations (email);

-- The sign-in role sees all credentials, and only the memberships of the current person. Policies have no subqueries:
-- a statement sets what it may see first.
do $$
declare
  name name;
begin
  foreach name in array array['people', 'people_accounts', 'people_sessions', 'people_verifications', 'people_links'] loop
    execute format('alter table %I enable row level security, force row level security', name);
    execute format('create policy signing_in on %I to clientele_people using (true)', name);
    execute format('grant select, insert, update, delete on %I to clientele_people', name);
  end loop;
end $$;
create policy own_memberships on members to clientele_people
  using (person_id = (nullif(current_setting('clientele.person_id', true), '') || '00000000')::uuid);
grant select, update (name, email, locale) on members to clientele_people;
create policy own_invitations on invitations for select to clientele_people
  using (email = current_setting('clientele.person_email', true));
grant select on invitations to clientele_people;
create policy own_memberships on enterprises for select to clientele_people
  using (key = any (string_to_array(current_setting('clientele.member_of', true), ',')::bigint[]));
grant select (key, id, name) on enterprises to clientele_people;

-- A request verifies its caller's session, and sees no other.
create policy own_sessions on people_sessions for select to clientele_service
  using (person_id = current_setting('clientele.person_id', true));
grant select (id, person_id, expires_at) on people_sessions to clientele_service;

-- Requests per caller, counted in memory and written every few seconds.
create table usage (
  enterprise_id bigint not null references enterprises,
  day date not null,
  caller_kind text not null check (caller_kind in ('app', 'person')),
  caller_id uuid not null,
  requests bigint not null,
  -- Responses with 4xx and with 5xx.
  refused bigint not null,
  failed bigint not null,
  primary key (enterprise_id, day, caller_kind, caller_id)
);
select own_rows_only('usage');

-- Saved views of the customer table.

create table customer_views (
  enterprise_id bigint not null references enterprises,
  id uuid not null,
  -- A person or an app.
  owner_id uuid not null,
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

-- Periodic jobs write usage, delete expired rows and find endpoints that are behind, of all enterprises in one
-- statement. So their role sees these tables across enterprises: ids, times and counts, no names, values or texts.
do $$
declare
  name name;
begin
  foreach name in array array['enterprises', 'apps', 'usage', 'idempotency_keys', 'import_files', 'customer_imports',
    'webhook_deliveries', 'webhook_queue', 'positions'] loop
    execute format('create policy housekeeping on %I to clientele_housekeeping using (true)', name);
  end loop;
end $$;
grant select (key, id) on enterprises to clientele_housekeeping;
grant select (enterprise_id, id, last_used_at), update (last_used_at) on apps to clientele_housekeeping;
grant select, insert, update (requests, refused, failed) on usage to clientele_housekeeping;
grant select (enterprise_id, caller_id, key, created_at), delete on idempotency_keys to clientele_housekeeping;
grant select (enterprise_id, id, created_at) on import_files to clientele_housekeeping;
grant select (enterprise_id, id, phase, created_at, file_id, plan_id, undoes_id)
  on customer_imports to clientele_housekeeping;
grant select (enterprise_id, webhook_id, id, status, created_at), delete on webhook_deliveries to clientele_housekeeping;
grant select (enterprise, webhook, due_at, journal_number), update (due_at, journal_number)
  on webhook_queue to clientele_housekeeping;
grant select (enterprise_id, number, at, settled_until), update (settled_at, settled_until)
  on positions to clientele_housekeeping;
