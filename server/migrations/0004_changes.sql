-- The journal: every change, written in the transaction that makes it. Append only.

create table changes (
  enterprise_id text collate "C" not null references enterprises,
  id bigint generated always as identity,
  -- With the id, a cursor that no late commit can precede: readers stop at pg_snapshot_xmin.
  transaction_id xid8 not null default pg_current_xact_id(),
  at timestamptz not null,
  subject text not null check (subject in ('customer', 'custom_field', 'category', 'tag', 'event')),
  subject_id text collate "C" not null,
  kind text not null check (kind in ('created', 'updated', 'deleted')),
  -- The subject's version after the change; 0 where the subject has none.
  version integer not null,
  reason text not null,
  app_id text collate "C",
  company_id text collate "C",
  import_line integer,
  request_id text not null,
  -- The attributes that changed, before and after. Null before a creation and after a deletion.
  before jsonb,
  after jsonb,
  primary key (enterprise_id, subject_id, id)
);
select own_rows_only('changes');
revoke update, delete on changes from clientele_service, clientele_operator;
