-- What an administrator looks after: apps and companies by version, what is done to them in the journal, who asks how
-- much, and indexes for what is counted of customers.

alter table apps add column version integer not null default 1;
alter table companies add column version integer not null default 1;

-- The table before this one had its name when the constraint got its own, so that is numbered.
alter table changes drop constraint changes_subject_check1;
alter table changes add constraint changes_subject_check check (subject in
  ('customer', 'custom_field', 'category', 'tag', 'event', 'import', 'app', 'company', 'webhook'));

-- An answer that shows a secret is kept sealed.
alter table idempotency_keys add column is_sealed boolean not null default false;

-- Requests by who made them, counted in the service and added every few seconds.
create table usage (
  enterprise_id text collate "C" not null references enterprises,
  day date not null,
  caller_kind text not null check (caller_kind in ('app', 'person')),
  caller_id text collate "C" not null,
  requests bigint not null,
  -- Answered with 4xx and with 5xx.
  refused bigint not null,
  failed bigint not null,
  primary key (enterprise_id, day, caller_kind, caller_id)
);
select own_rows_only('usage');

-- Customers that went, and those that came back. When one came first is in its id, so new ones cost nothing here.
create index changes_departures_idx on changes (enterprise_id, at, subject_id)
  where subject = 'customer' and (kind = 'deleted' or (kind = 'created' and version > 1));

-- The customers of a company: those with events there.
create index events_company_idx on events (enterprise_id, company_id, customer_id)
  where company_id is not null and customer_id is not null;
