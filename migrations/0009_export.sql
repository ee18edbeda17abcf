-- Exports: a job with reason, a second person above a size, a mark on every row, an end.

create table export_request (
  tenant_id uuid not null,
  id uuid not null,
  season_id uuid not null,
  kind text not null check (kind in ('decisions', 'ledger')),
  filter jsonb not null,
  reason text not null check (length(reason) >= 4),
  rows integer not null check (rows >= 0),
  state text not null check (state in ('waiting', 'making', 'ready', 'rejected', 'failed')),
  mark text not null,
  requested_by uuid not null,
  requested_at timestamptz not null,
  approved_by uuid,
  decided_at timestamptz,
  decision_note text,
  job_id uuid,
  file_id uuid,
  expires_at timestamptz,
  downloads integer not null default 0,
  primary key (tenant_id, id),
  unique (tenant_id, mark),
  foreign key (tenant_id, season_id) references season (tenant_id, id),
  foreign key (tenant_id, requested_by) references user_account (tenant_id, id),
  constraint approver_is_another_person check (approved_by is null or approved_by <> requested_by)
);
comment on table export_request is 'Who took data out, why, with whose approval; mark stands on every row of the file and leads back here.';
create index export_request_recent on export_request (tenant_id, season_id, requested_at desc);
call protect('export_request', 'select, insert, update');
