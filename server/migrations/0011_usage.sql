-- Administration: versions of apps and companies, journal entries for them, API usage, and indexes for
-- statistics.

alter table apps add column version integer not null default 1;
alter table companies add column version integer not null default 1;

-- The earlier table already used the constraint's name, so this one is numbered.
alter table changes drop constraint changes_subject_check1;
alter table changes add constraint changes_subject_check check (subject in
  ('customer', 'custom_field', 'category', 'tag', 'event', 'import', 'app', 'company', 'webhook'));

-- A response that contains a secret is stored encrypted.
alter table idempotency_keys add column is_sealed boolean not null default false;

-- Requests per caller, counted in memory and written every few seconds.
create table usage (
  enterprise_id text collate "C" not null references enterprises,
  day date not null,
  caller_kind text not null check (caller_kind in ('app', 'person')),
  caller_id text collate "C" not null,
  requests bigint not null,
  -- Responses with 4xx and with 5xx.
  refused bigint not null,
  failed bigint not null,
  primary key (enterprise_id, day, caller_kind, caller_id)
);
select own_rows_only('usage');

-- Deleted and recreated customers. A creation time is part of the id, so creations need no index.
create index changes_departures_idx on changes (enterprise_id, at, subject_id)
  where subject = 'customer' and (kind = 'deleted' or (kind = 'created' and version > 1));

-- The customers of a company: those with events there.
create index events_company_idx on events (enterprise_id, company_id, customer_id)
  where company_id is not null and customer_id is not null;
