-- Who follows up whom: leads, assignment runs, releases, ownership history.

create table lead (
  tenant_id uuid not null,
  id uuid not null,
  season_id uuid not null,
  recruiter_id uuid not null,
  candidate_no text,
  id_blind bytea,
  phone_blind bytea,
  name text not null,
  phone sealed,
  source text not null,
  registered_by uuid not null,
  registered_at timestamptz not null,
  candidate_id uuid,
  matched_at timestamptz,
  state text not null default 'open' check (state in ('open', 'matched', 'disputed', 'void')),
  dispute text check (dispute in ('later', 'ambiguous', 'name_differs', 'after_delivery')),
  void_reason text,
  settled_by uuid,
  settled_at timestamptz,
  settle_reason text,
  primary key (tenant_id, id),
  foreign key (tenant_id, season_id) references season (tenant_id, id),
  foreign key (tenant_id, recruiter_id) references user_account (tenant_id, id),
  foreign key (tenant_id, candidate_id) references candidate (tenant_id, id),
  check (candidate_no is not null or id_blind is not null or phone_blind is not null),
  check (state <> 'matched' or candidate_id is not null),
  check ((state = 'disputed') = (dispute is not null)),
  check ((state = 'void') = (void_reason is not null)),
  check ((settled_by is null) = (settle_reason is null))
);
comment on table lead is '报备: a prospective student registered by a staff member before filing. The first valid registration counts.';
comment on column lead.dispute is 'Why the office has to decide: somebody was earlier, several candidates fit, the name differs, or it came after the list.';
create unique index lead_one_per_candidate on lead (tenant_id, season_id, candidate_id) where state = 'matched';
create unique index lead_once_per_number on lead (tenant_id, season_id, candidate_no) where state in ('open', 'matched') and candidate_no is not null;
create index lead_of_recruiter on lead (tenant_id, season_id, recruiter_id, registered_at);
create index lead_open on lead (tenant_id, season_id, id) where state in ('open', 'disputed');
create index lead_of_candidate on lead (tenant_id, candidate_id) where candidate_id is not null;
create index lead_by_id on lead (tenant_id, id_blind) where id_blind is not null;
create index lead_by_phone on lead (tenant_id, phone_blind) where phone_blind is not null;
call protect('lead', 'select, insert, update');

create table assignment_run (
  tenant_id uuid not null,
  id uuid not null,
  season_id uuid not null,
  seed text not null,
  filter jsonb not null,
  limits jsonb not null,
  preview jsonb not null,
  state text not null default 'previewed' check (state in ('previewed', 'releasing', 'released', 'discarded')),
  candidates integer not null,
  input_hash bytea not null,
  job_id uuid,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  released_by uuid,
  released_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, season_id) references season (tenant_id, id)
);
comment on table assignment_run is 'A seeded, repeatable distribution: previewed first (who gets how many, and why), then released by the file clerk.';
create index assignment_run_recent on assignment_run (tenant_id, season_id, created_at desc);
call protect('assignment_run', 'select, insert, update');

create table assignment (
  tenant_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  run_id uuid,
  from_user_id uuid,
  to_user_id uuid,
  to_group_id uuid,
  kind text not null check (kind in ('lead', 'random', 'escalation', 'reassigned', 'balanced', 'taken_back', 'absent', 'taken_over')),
  reason text not null,
  by_id uuid,
  at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references follow_up_case (tenant_id, id),
  foreign key (tenant_id, run_id) references assignment_run (tenant_id, id)
);
comment on table assignment is 'Ownership history of a case, insert-only; the owner is its last row.';
create index assignment_of_case on assignment (tenant_id, case_id, at);
create index assignment_of_user on assignment (tenant_id, to_user_id, at desc);
call protect('assignment', 'select, insert');
