-- Definitions of customers: fields in categories, and tags.

create table categories (
  enterprise_id text collate "C" not null references enterprises,
  id text collate "C" not null check (id ~ '^[0-9a-f]{24}$'),
  external_id text collate "C",
  name text not null,
  translation_key text not null default '',
  order_index integer not null,
  is_default boolean not null default false,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (enterprise_id, id),
  constraint categories_external_id_key unique (enterprise_id, external_id),
  constraint categories_name_key unique (enterprise_id, name)
);
create unique index categories_one_default_key on categories (enterprise_id) where is_default;
select own_rows_only('categories');

create table custom_fields (
  enterprise_id text collate "C" not null,
  id text collate "C" not null check (id ~ '^[0-9a-f]{24}$'),
  external_id text collate "C",
  default_id text collate "C",
  category_id text collate "C" not null,
  type text not null,
  label text not null,
  translation_key text not null default '',
  placeholder text not null default '',
  -- [{"id","value","label","orderIndex","isActive"}], ordered
  select_options jsonb not null default '[]',
  is_mandatory boolean not null default false,
  is_mandatory_online boolean not null default false,
  is_unique boolean not null default false,
  is_searchable boolean not null default false,
  is_active boolean not null default true,
  order_index integer not null,
  validation jsonb not null default '{}',
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (enterprise_id, id),
  foreign key (enterprise_id, category_id) references categories,
  constraint custom_fields_external_id_key unique (enterprise_id, external_id),
  constraint custom_fields_default_id_key unique (enterprise_id, default_id),
  constraint custom_fields_label_key unique (enterprise_id, label)
);
select own_rows_only('custom_fields');

create table tags (
  enterprise_id text collate "C" not null references enterprises,
  id text collate "C" not null check (id ~ '^[0-9a-f]{24}$'),
  name text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (enterprise_id, id)
);
create unique index tags_name_key on tags (enterprise_id, lower(name));
select own_rows_only('tags');
