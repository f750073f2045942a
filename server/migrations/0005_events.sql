-- Events and bookings. An event outlives its customer, anonymised.

create table events (
  enterprise_id text collate "C" not null references enterprises,
  id text collate "C" not null check (id ~ '^[0-9a-f]{24}$'),
  external_id text collate "C",
  -- Null after the customer is deleted.
  customer_id text collate "C",
  company_id text collate "C",
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
  foreign key (enterprise_id, company_id) references companies,
  constraint events_external_id_key unique (enterprise_id, external_id)
);
create index events_customer_idx on events (enterprise_id, customer_id, start_at desc, id desc);
select own_rows_only('events');
