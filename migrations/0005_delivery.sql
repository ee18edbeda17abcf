-- Imports of provincial deliveries: staged, classified, applied whole or not at all, undone until the first contact.

create table delivery_import (
  tenant_id uuid not null,
  id uuid not null,
  season_id uuid not null,
  province_code text not null,
  batch_id uuid not null,
  state text not null check (state in ('uploaded', 'reading', 'previewed', 'applying', 'applied', 'refused', 'undone', 'discarded')),
  file_id uuid,
  file_name text not null,
  file_sha256 bytea,
  form text,
  encoding text,
  tables jsonb not null default '[]',
  mapping jsonb,
  counts jsonb not null default '{}',
  error jsonb,
  job_id uuid,
  created_by uuid,
  created_at timestamptz not null default now(),
  applied_at timestamptz,
  applied_by uuid,
  undone_at timestamptz,
  undone_by uuid,
  undo_reason text,
  primary key (tenant_id, id),
  foreign key (tenant_id, season_id) references season (tenant_id, id),
  foreign key (tenant_id, batch_id) references batch (tenant_id, id)
);
comment on table delivery_import is 'One delivery of a province and batch. counts hold the conservation equation: rows = created + updated + unchanged + merged + rejected + locked + deleted.';
create index delivery_import_recent on delivery_import (tenant_id, season_id, created_at desc);
call protect('delivery_import', 'select, insert, update');

create table import_finding (
  tenant_id uuid not null,
  import_id uuid not null,
  no integer not null,
  code text not null,
  severity text not null check (severity in ('info', 'warning', 'rejected')),
  file text not null,
  row integer,
  field text,
  candidate_no text,
  message text not null,
  primary key (tenant_id, import_id, no),
  foreign key (tenant_id, import_id) references delivery_import (tenant_id, id)
);
comment on table import_finding is 'What was noticed in a delivery, row by row, in words; values masked.';
create index import_finding_by_code on import_finding (tenant_id, import_id, code, no);
call protect('import_finding', 'select, insert, delete');

create table import_change (
  tenant_id uuid not null,
  import_id uuid not null,
  candidate_id uuid not null,
  kind text not null check (kind in ('created', 'updated')),
  before jsonb,
  changed text[] not null default '{}',
  primary key (tenant_id, import_id, candidate_id),
  foreign key (tenant_id, import_id) references delivery_import (tenant_id, id)
);
comment on table import_change is 'What an import did to each candidate: shown as the difference, and the way back for undo. Sensitive values stay sealed inside before.';
call protect('import_change', 'select, insert, delete');

create table code_entry (
  tenant_id uuid not null,
  season_id uuid not null,
  province_code text not null,
  code_table text not null,
  code text not null,
  name text not null,
  normalised text,
  import_id uuid not null,
  primary key (tenant_id, season_id, province_code, code_table, code),
  foreign key (tenant_id, season_id) references season (tenant_id, id)
);
comment on table code_entry is 'Code tables (TD_*) of a delivery: raw name and our normalised value. The key is year, province, table and code.';
call protect('code_entry', 'select, insert, update, delete');

create table import_mapping (
  tenant_id uuid not null,
  season_id uuid not null,
  source text not null,
  mapping jsonb not null,
  saved_by uuid,
  saved_at timestamptz not null default now(),
  primary key (tenant_id, season_id, source),
  foreign key (tenant_id, season_id) references season (tenant_id, id)
);
comment on table import_mapping is 'Column mapping of XLSX and CSV sources, remembered by the set of their headers.';
call protect('import_mapping', 'select, insert, update');

create unlogged table staged_person (
  tenant_id uuid not null,
  import_id uuid not null,
  row integer not null,
  source text not null,
  candidate_no text not null,
  fields jsonb not null,
  private bytea,
  id_blind bytea,
  row_hash bytea not null
);
comment on table staged_person is 'Person and file rows of a delivery while it is read; unlogged, read again from the stored file after a crash.';
create index staged_person_of on staged_person (tenant_id, import_id);
call protect('staged_person', 'select, insert, delete');

create unlogged table staged_phone (
  tenant_id uuid not null,
  import_id uuid not null,
  row integer not null,
  candidate_no text not null,
  number bytea not null,
  number_blind bytea not null,
  masked text not null,
  kind text not null,
  area_code text,
  relation text not null,
  source text not null,
  position smallint not null
);
comment on table staged_phone is 'Numbers of a delivery while it is read.';
create index staged_phone_of on staged_phone (tenant_id, import_id);
call protect('staged_phone', 'select, insert, delete');

create unlogged table staged_part (
  tenant_id uuid not null,
  import_id uuid not null,
  kind text not null check (kind in ('filing', 'preferences', 'scores', 'photo', 'medical', 'resume')),
  candidate_no text not null,
  row integer not null,
  fields jsonb not null
);
comment on table staged_part is 'Rows of the other tables of a delivery, one per candidate and run of equal numbers, joined to the person when applied.';
create index staged_part_of on staged_part (tenant_id, import_id);
call protect('staged_part', 'select, insert, delete');
