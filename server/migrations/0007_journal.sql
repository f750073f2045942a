-- The journal, partitioned by month: retention drops whole partitions, and each has an index by subject.

alter table changes rename to changes_unparted;
alter table changes_unparted rename constraint changes_pkey to changes_unparted_pkey;

create sequence changes_id;
grant usage on sequence changes_id to clientele_service, clientele_operator;

create table changes (
  enterprise_id text collate "C" not null references enterprises,
  id bigint not null default nextval('changes_id'),
  transaction_id xid8 not null default pg_current_xact_id(),
  at timestamptz not null,
  subject text not null check (subject in ('customer', 'custom_field', 'category', 'tag', 'event', 'import')),
  subject_id text collate "C" not null,
  kind text not null check (kind in ('created', 'updated', 'deleted', 'completed')),
  -- The subject's version after the change; 0 where the subject has none.
  version integer not null,
  reason text not null,
  app_id text collate "C",
  company_id text collate "C",
  import_id text collate "C",
  import_line integer,
  request_id text not null,
  -- The attributes that changed, before and after. Null before a creation and after a deletion.
  before jsonb,
  after jsonb,
  primary key (enterprise_id, subject_id, id, at)
) partition by range (at);
-- The feed reads in id order and finds transactions that a reader has not seen.
create index changes_id_idx on changes (enterprise_id, id);
create index changes_transaction_idx on changes (enterprise_id, transaction_id, id);
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

select make_changes_of(month::date)
from (select min(at) as first from changes_unparted) journal, generate_series(
  date_trunc('month', coalesce(journal.first, now())), now() + interval '2 months', interval '1 month') as month;

insert into changes (enterprise_id, id, transaction_id, at, subject, subject_id, kind, version, reason, app_id,
    company_id, import_id, import_line, request_id, before, after)
  select enterprise_id, id, transaction_id, at, subject, subject_id, kind, version, reason, app_id, company_id,
    import_id, import_line, request_id, before, after
  from changes_unparted;
select setval('changes_id', coalesce((select max(id) from changes_unparted), 0) + 1, false);
drop table changes_unparted;

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
