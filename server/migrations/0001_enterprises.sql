-- An enterprise owns all records; a company is one of its branches, an app is an API client.

-- Roles belong to the server: another database on it may have created them, or be creating them now.
do $$
declare
  role name;
begin
  foreach role in array array['clientele_service', 'clientele_operator', 'clientele_search'] loop
    if not exists (select from pg_roles where rolname = role) then
      begin
        execute format('create role %I nologin', role);
      exception when duplicate_object or unique_violation then null;
      end;
    end if;
  end loop;
end $$;
grant clientele_service, clientele_operator, clientele_search to current_user;
grant usage on schema clientele to clientele_service, clientele_operator, clientele_search;

-- Row-level security, the same policy on every table: rows of the session's enterprise, none without one.
create function own_rows_only(target regclass, enterprise_column name default 'enterprise_id') returns void
  language plpgsql as $$
begin
  execute format('alter table %s enable row level security, force row level security', target);
  execute format(
    'create policy granted on %s as permissive to clientele_service, clientele_operator using (true)', target);
  execute format(
    'create policy own_enterprise on %s as restrictive to clientele_service, clientele_operator'
    ' using (%I = current_setting(''clientele.enterprise_id'', true))', target, enterprise_column);
  execute format('grant select, insert, update, delete on %s to clientele_service, clientele_operator', target);
end $$;

create table enterprises (
  id text collate "C" primary key check (id ~ '^[0-9a-f]{24}$'),
  name text not null,
  -- Incremented by every change of a field, category or tag; invalidates cached definitions.
  definitions_revision bigint not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
alter table enterprises enable row level security, force row level security;
create policy granted on enterprises as permissive to clientele_service using (true);
create policy own_enterprise on enterprises as restrictive to clientele_service
  using (id = current_setting('clientele.enterprise_id', true));
-- Lets the operator list enterprises. Inside one, the operator needs a session like everybody.
create policy all_enterprises on enterprises as permissive to clientele_operator using (true);
grant select, update on enterprises to clientele_service;
grant select, insert, update on enterprises to clientele_operator;

create table companies (
  enterprise_id text collate "C" not null references enterprises,
  id text collate "C" not null check (id ~ '^[0-9a-f]{24}$'),
  external_id text collate "C",
  name text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (enterprise_id, id),
  constraint companies_external_id_key unique (enterprise_id, external_id),
  constraint companies_name_key unique (enterprise_id, name)
);
select own_rows_only('companies');

create table apps (
  enterprise_id text collate "C" not null references enterprises,
  id text collate "C" not null check (id ~ '^[0-9a-f]{24}$'),
  name text not null,
  secret_hash text not null,
  -- Incremented by secret rotation, which invalidates tokens of earlier versions.
  secret_version integer not null default 1,
  scopes text[] not null default '{READ,WRITE,DELETE}',
  -- Companies the app may act for; null means all.
  company_ids text[],
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
  enterprise_id text collate "C" not null references enterprises,
  app_id text collate "C" not null,
  key text collate "C" not null,
  fingerprint text not null,
  status smallint not null,
  etag text,
  body text not null,
  created_at timestamptz not null,
  primary key (enterprise_id, app_id, key)
);
create index idempotency_keys_created_at_idx on idempotency_keys (enterprise_id, created_at);
select own_rows_only('idempotency_keys');
