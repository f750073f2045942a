-- Webhook endpoints: each reads the journal from its own position, and deliveries are stored until they
-- succeed.

create table webhooks (
  enterprise_id text collate "C" not null references enterprises,
  id text collate "C" not null check (id ~ '^[0-9a-f]{24}$'),
  url text not null,
  description text not null,
  kinds text[] not null,
  -- Null means all companies, and changes without a company.
  company_ids text[],
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
  enterprise_id text collate "C" not null,
  webhook_id text collate "C" not null,
  id text collate "C" not null check (id ~ '^[0-9a-f]{24}$'),
  ordinal bigint not null,
  -- The id for the receiver, the same for every attempt.
  message_id text collate "C" not null,
  kind text not null,
  subject_id text collate "C" not null,
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
select own_rows_only('webhook_deliveries');

create table webhook_attempts (
  enterprise_id text collate "C" not null,
  webhook_id text collate "C" not null,
  delivery_id text collate "C" not null,
  attempt integer not null,
  at timestamptz not null,
  duration_ms integer not null,
  -- From the response; null without one.
  status integer,
  answer text not null,
  error text not null,
  primary key (enterprise_id, webhook_id, delivery_id, attempt),
  foreign key (enterprise_id, webhook_id, delivery_id) references webhook_deliveries on delete cascade
);
select own_rows_only('webhook_attempts');

-- The delivery queue of all enterprises, one row per active endpoint. A worker holds a lease by the
-- database's clock that outlasts a delivery. Meanwhile due_at is infinity, so that a time set during the delivery
-- is kept for the next worker.
create table webhook_queue (
  enterprise text collate "C" not null,
  webhook text collate "C" not null,
  due_at timestamptz not null,
  -- Failing endpoints wait for each other and do not delay others.
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
