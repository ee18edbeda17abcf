-- Imports of provincial deliveries: staged, classified, applied whole or not at all, undone until the first contact.
-- Rows are staged in temporary tables of the transaction that applies them: nothing is left behind by a crash, and a
-- job that starts again reads the stored file again.

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
  notes jsonb not null default '[]',
  headings jsonb not null default '[]',
  mapping jsonb,
  counts jsonb not null default '{}',
  season_changes integer,
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
comment on column delivery_import.season_changes is 'Imports applied and undone in the season when the preview was made: another figure at confirmation means that the preview is stale.';
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
  excerpt text,
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
  before jsonb not null,
  before_private sealed,
  after jsonb not null,
  after_private sealed,
  changed text[] not null default '{}',
  added_phones uuid[] not null default '{}',
  primary key (tenant_id, import_id, candidate_id),
  foreign key (tenant_id, import_id) references delivery_import (tenant_id, id)
);
comment on table import_change is 'What an import changed in candidates that were there before: the difference shown, and the way back. Candidates it created are those whose import_id it is and that have no row here.';
create index import_change_of_candidate on import_change (tenant_id, candidate_id);
call protect('import_change', 'select, insert, update, delete');

create table delivered_detail (
  tenant_id uuid not null,
  import_id uuid not null,
  candidate_id uuid not null,
  kind text not null check (kind in ('filing', 'medical', 'resume', 'other')),
  no integer not null,
  fields sealed not null,
  primary key (tenant_id, candidate_id, kind, import_id, no),
  foreign key (tenant_id, candidate_id) references candidate (tenant_id, id),
  foreign key (tenant_id, import_id) references delivery_import (tenant_id, id)
);
comment on table delivered_detail is 'Rows kept as they came: medical and resume tables, tables nobody knows that name candidates, and what nobody knows on a filing. Sealed, because free text is personal; the newest import counts.';
call protect('delivered_detail', 'select, insert, delete');

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
