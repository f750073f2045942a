-- Whom changes are told: each endpoint reads the journal from a position of its own, and what it is to be told is
-- kept until it was.

create table webhooks (
  enterprise_id text collate "C" not null references enterprises,
  id text collate "C" not null check (id ~ '^[0-9a-f]{24}$'),
  url text not null,
  description text not null,
  kinds text[] not null,
  -- Null is all companies, and what was done for none.
  company_ids text[],
  -- Sealed: they sign, so a hash would not do. The former one signs too until its time.
  secret bytea not null,
  former_secret bytea,
  former_secret_until timestamptz,
  -- Why nothing is sent: it was asked for, it failed for long, or the receiver says it is gone.
  stopped text check (stopped in ('paused', 'failing', 'gone')),
  stopped_at timestamptz,
  -- The first failure since the last success.
  failing_since timestamptz,
  -- The receiver has asked for patience.
  resting_until timestamptz,
  -- How far it has read the journal.
  position jsonb not null,
  -- How many deliveries there were: their order. The last of them became due then; none becomes due before it.
  deliveries bigint not null default 0,
  last_due_at timestamptz not null,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (enterprise_id, id)
);
select own_rows_only('webhooks');

create table webhook_deliveries (
  enterprise_id text collate "C" not null,
  webhook_id text collate "C" not null,
  id text collate "C" not null check (id ~ '^[0-9a-f]{24}$'),
  ordinal bigint not null,
  -- What the receiver knows it by, the same at each try.
  message_id text collate "C" not null,
  kind text not null,
  subject_id text collate "C" not null,
  change_id bigint,
  body text not null,
  status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
  attempts integer not null default 0,
  -- Attempts since it was last asked for: the place in the schedule.
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
select own_rows_only('webhook_deliveries');

create table webhook_attempts (
  enterprise_id text collate "C" not null,
  webhook_id text collate "C" not null,
  delivery_id text collate "C" not null,
  attempt integer not null,
  at timestamptz not null,
  duration_ms integer not null,
  -- Of the answer, null when there was none.
  status integer,
  answer text not null,
  error text not null,
  primary key (enterprise_id, webhook_id, delivery_id, attempt),
  foreign key (enterprise_id, webhook_id, delivery_id) references webhook_deliveries on delete cascade
);
select own_rows_only('webhook_attempts');

-- Which endpoints are to be looked after and when, of all enterprises: a list of the installation, one row for each
-- that is not stopped. Whoever looks after one holds a lease by the database's clock, which is longer than that takes;
-- meanwhile it is due at no time, so that a time which is set then is seen by whoever comes next.
create table webhook_queue (
  enterprise text collate "C" not null,
  webhook text collate "C" not null,
  due_at timestamptz not null,
  -- Those whose receivers fail wait for each other, and for nobody else.
  is_failing boolean not null default false,
  holder text,
  leased_until timestamptz,
  primary key (enterprise, webhook)
);
create index webhook_queue_due_at_idx on webhook_queue (is_failing, due_at);
alter table webhook_queue enable row level security, force row level security;
create policy own_enterprise on webhook_queue as permissive to clientele_service
  using (enterprise = current_setting('clientele.enterprise_id', true));
create policy all_enterprises on webhook_queue as permissive to clientele_operator using (true);
grant select, insert, update (due_at), delete on webhook_queue to clientele_service;
grant select, insert, update, delete on webhook_queue to clientele_operator;
