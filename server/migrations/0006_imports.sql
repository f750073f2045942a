-- Imports that run after their request: the file, the outcome of each row, and the queue.

create table import_files (
  enterprise_id text collate "C" not null references enterprises,
  id text collate "C" not null check (id ~ '^[0-9a-f]{24}$'),
  type text not null,
  name text not null default '',
  encoding text,
  size_bytes bigint not null default 0,
  -- Null until the upload is complete.
  sha256 text,
  created_at timestamptz not null,
  primary key (enterprise_id, id)
);
select own_rows_only('import_files');

create table import_file_pieces (
  enterprise_id text collate "C" not null,
  file_id text collate "C" not null,
  piece integer not null,
  -- Compressed by the service, so PostgreSQL does not try.
  bytes bytea not null,
  primary key (enterprise_id, file_id, piece),
  foreign key (enterprise_id, file_id) references import_files on delete cascade
);
alter table import_file_pieces alter column bytes set storage external;
select own_rows_only('import_file_pieces');

create table customer_imports (
  enterprise_id text collate "C" not null references enterprises,
  id text collate "C" not null check (id ~ '^[0-9a-f]{24}$'),
  kind text not null check (kind in ('import', 'undo')),
  phase text not null check (phase in
    ('queued', 'reading', 'planning', 'checking', 'applying', 'undoing', 'completed', 'failed', 'cancelled')),
  dry_run boolean not null default false,
  file_id text collate "C",
  -- Identifies repeated requests for one import: the file and its options.
  fingerprint text not null,
  options jsonb not null default '{}',
  columns jsonb not null default '[]',
  -- The dry run whose plan is applied; the import that is undone.
  plan_id text collate "C",
  undoes_id text collate "C",
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
  app_id text collate "C",
  company_id text collate "C",
  request_id text not null,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  primary key (enterprise_id, id),
  foreign key (enterprise_id, file_id) references import_files
);
create index customer_imports_file_idx on customer_imports (enterprise_id, file_id);
create index customer_imports_fingerprint_idx on customer_imports (enterprise_id, fingerprint);
create index customer_imports_undoes_idx on customer_imports (enterprise_id, undoes_id) where undoes_id is not null;
select own_rows_only('customer_imports');

create table import_chunks (
  enterprise_id text collate "C" not null,
  import_id text collate "C" not null,
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
  enterprise_id text collate "C" not null,
  import_id text collate "C" not null,
  customer_id text collate "C" not null,
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
  enterprise_id text collate "C" not null,
  import_id text collate "C" not null,
  field_id text collate "C" not null,
  key text collate "C" not null,
  customer_id text collate "C" not null,
  primary key (enterprise_id, import_id, field_id, key),
  foreign key (enterprise_id, import_id) references customer_imports on delete cascade
);
create index planned_unique_values_customer_idx on planned_unique_values (enterprise_id, import_id, customer_id);
select own_rows_only('planned_unique_values');

-- The queue of all enterprises, one per installation. A worker holds a lease by the database's clock, which
-- expires if the worker dies.
create table import_queue (
  enterprise text collate "C" not null,
  import text collate "C" not null,
  queued_at timestamptz not null default clock_timestamp(),
  leased_until timestamptz,
  holder text,
  primary key (enterprise, import)
);
alter table import_queue enable row level security, force row level security;
create policy own_enterprise on import_queue as permissive for insert to clientele_service
  with check (enterprise = current_setting('clientele.enterprise_id', true));
create policy all_enterprises on import_queue as permissive to clientele_operator using (true);
grant insert on import_queue to clientele_service;
grant select, insert, update, delete on import_queue to clientele_operator;

alter table changes add column import_id text collate "C";
alter table idempotency_keys add column location text;
