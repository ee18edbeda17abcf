-- Exports: a job with reason, a second person above a size, a mark on every row, an end.

create table export_request (
  tenant_id uuid not null,
  id uuid not null,
  season_id uuid,
  kind text not null check (kind in ('decisions', 'ledger', 'audit')),
  filter jsonb not null,
  reason text not null check (length(reason) >= 4),
  rows integer not null check (rows >= 0),
  receiver text,
  receiver_basis text check (receiver_basis in ('duty', 'consent', 'entrusted')),
  state text not null check (state in ('waiting', 'making', 'ready', 'rejected', 'failed')),
  mark text not null,
  requested_by uuid not null,
  requested_at timestamptz not null,
  approved_by uuid,
  decided_at timestamptz,
  decision_note text,
  job_id uuid,
  file_id uuid,
  password sealed,
  expires_at timestamptz,
  downloads integer not null default 0,
  primary key (tenant_id, id),
  unique (tenant_id, mark),
  foreign key (tenant_id, season_id) references season (tenant_id, id),
  foreign key (tenant_id, requested_by) references user_account (tenant_id, id),
  constraint approver_is_another_person check (approved_by is null or approved_by <> requested_by),
  constraint the_log_has_no_season check ((kind = 'audit') = (season_id is null)),
  constraint a_receiver_has_a_basis check ((receiver is null) = (receiver_basis is null))
);
comment on table export_request is 'Who took data out, why, with whose approval; mark stands on every row of the file and leads back here.';
comment on column export_request.receiver is 'Who outside the college gets the file, and on what ground (个人信息保护法 art. 23); null: it stays inside.';
comment on column export_request.password is 'Opens the zip; shown to who asked for the file, gone with it.';
create index export_request_recent on export_request (tenant_id, season_id, requested_at desc);
call protect('export_request', 'select, insert, update');
