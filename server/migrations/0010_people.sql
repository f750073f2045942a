-- People sign in to the installation; their roles belong to each enterprise.

do $$
begin
  if not exists (select from pg_roles where rolname = 'clientele_people') then
    begin
      create role clientele_people nologin;
    exception when duplicate_object or unique_violation then null;
    end;
  end if;
end $$;
grant clientele_people to current_user;
grant usage on schema clientele to clientele_people;

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
  enterprise_id text collate "C" not null references enterprises,
  person_id text collate "C" not null,
  role text not null check (role in ('viewer', 'editor', 'administrator')),
  -- Companies the member may act for; null means all.
  company_ids text[],
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
  enterprise_id text collate "C" not null references enterprises,
  id text collate "C" not null check (id ~ '^[0-9a-f]{24}$'),
  email text collate "C" not null check (email = lower(email)),
  role text not null check (role in ('viewer', 'editor', 'administrator')),
  company_ids text[],
  token_hash text collate "C" not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (enterprise_id, id),
  constraint invitations_email_key unique (enterprise_id, email)
);
select own_rows_only('invitations');
create index invitations_person_idx on invitations (email);

-- The sign-in role sees all credentials, and only the enterprises of the current person.
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
create policy own_memberships on members for select to clientele_people
  using (person_id = current_setting('clientele.person_id', true));
grant select on members to clientele_people;
create policy own_invitations on invitations for select to clientele_people
  using (email = current_setting('clientele.person_email', true));
grant select on invitations to clientele_people;
create policy own_memberships on enterprises for select to clientele_people
  using (exists (select from members where members.enterprise_id = enterprises.id));
grant select (id, name) on enterprises to clientele_people;

-- An enterprise sees the names of its current and former members, and whether the calling session is valid.
create policy own_members on people for select to clientele_service, clientele_operator
  using (exists (
    select from members
    where enterprise_id = current_setting('clientele.enterprise_id', true) and person_id = people.id));
grant select (id, email, name, locale) on people to clientele_service, clientele_operator;
create policy own_members on people_sessions for select to clientele_service
  using (exists (
    select from members
    where enterprise_id = current_setting('clientele.enterprise_id', true)
      and person_id = people_sessions.person_id));
grant select (id, person_id, expires_at) on people_sessions to clientele_service;

-- The author: an app or a person, never both.
alter table changes add column person_id text collate "C";
alter table customer_imports add column person_id text collate "C";
alter table idempotency_keys rename column app_id to caller_id;
