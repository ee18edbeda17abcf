-- Candidates, their numbers and what callers learn about them.

create table candidate (
  tenant_id uuid not null,
  id uuid not null,
  season_id uuid not null,
  candidate_no text not null check (candidate_no ~ '^\d{14}$'),
  province_code text not null check (province_code ~ '^\d{2}$'),
  batch_id uuid not null,
  policy_id uuid,
  import_id uuid not null,
  name text not null,
  name_key text collate "C" not null,
  name_initials text collate "C" not null,
  sex text check (sex in ('male', 'female')),
  birth_date text,
  minor_until date,
  id_blind bytea,
  id_masked text,
  private sealed,
  school_code text,
  school_name text,
  district_code text,
  category_code text,
  category text,
  plan_nature_code text,
  major_code text,
  major_name text,
  score numeric(10, 3),
  filing_score numeric(16, 6),
  preference_rank smallint,
  obeys_adjustment boolean,
  exam_state text,
  decided_major_code text,
  return_reason text,
  art_school_exam boolean not null default false,
  codes jsonb not null default '{}',
  scores jsonb not null default '{}',
  preferences jsonb not null default '[]',
  raw jsonb not null default '{}',
  photo_file_id uuid,
  content_hash bytea not null,
  no_phone boolean not null default false,
  name_lost boolean not null default false,
  id_bad boolean not null default false,
  pathway boolean not null default false,
  merged_into uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  no_tail text generated always as (right(candidate_no, 4)) stored,
  primary key (tenant_id, id),
  unique (tenant_id, season_id, candidate_no),
  foreign key (tenant_id, season_id) references season (tenant_id, id),
  foreign key (tenant_id, batch_id) references batch (tenant_id, id),
  foreign key (tenant_id, policy_id) references province_policy (tenant_id, id)
);
comment on table candidate is 'A filed candidate of the season, as the authority delivered it last. One row a candidate number; the batch is the one of the newest delivery.';
comment on column candidate.private is 'Sealed JSON: idNumber, address, postcode, recipient, examineeNo, nation, political and other personal text.';
comment on column candidate.minor_until is 'Eighteenth birthday, for the rules on minors.';
comment on column candidate.plan_nature_code is 'JHXZDM as delivered: one 专业代号 may be another major, at another price, in each 计划性质.';
comment on column candidate.exam_state is 'KSZT as delivered; 5 (finished) and 3 (returned) lock the row against imports.';
comment on column candidate.pathway is 'candidate_wish.pathway_interest again, for lists: saving a wish keeps both.';
comment on column candidate.no_tail is 'Under row-level security an index on an expression is not used: the function might leak. A column is.';
create index candidate_by_name on candidate (tenant_id, season_id, name_key, id);
create index candidate_by_initials on candidate (tenant_id, season_id, name_initials);
create index candidate_by_name_text on candidate (tenant_id, season_id, name collate "C");
create index candidate_by_no_tail on candidate (tenant_id, season_id, no_tail);
-- With what a list joins and sorts by: collected without looking at the files themselves.
create index candidate_in_short on candidate (tenant_id, id) include (season_id, name_key, candidate_no, score, merged_into);
create index candidate_by_filing on candidate (tenant_id, season_id, province_code, batch_id, candidate_no) include (id, name_key, merged_into);
create index candidate_by_major on candidate (tenant_id, season_id, major_name, id) include (name_key, province_code, batch_id, merged_into);
create index candidate_by_school on candidate (tenant_id, season_id, school_code);
create index candidate_by_import on candidate (tenant_id, import_id);
create index candidate_by_id_number on candidate (tenant_id, id_blind) where id_blind is not null;
create index candidate_marked on candidate (tenant_id, season_id, id)
  include (no_phone, name_lost, id_bad, pathway, name_key, candidate_no, province_code, batch_id, merged_into) where no_phone or name_lost or id_bad or pathway;
call protect('candidate', 'select, insert, update, delete');

create table phone (
  tenant_id uuid not null references tenant,
  id uuid not null,
  number sealed not null,
  number_blind bytea not null,
  masked text not null,
  kind text not null check (kind in ('mobile', 'landline')),
  area_code text,
  state text not null default 'live' check (state in ('live', 'suspect', 'suspended', 'cooling', 'dead', 'do_not_call')),
  state_at timestamptz,
  vacant_hits smallint not null default 0,
  retest_after timestamptz,
  retests smallint not null default 0,
  last_dialled_at timestamptz,
  dialled_on date,
  dialled_today smallint not null default 0,
  tail text generated always as (right(masked, 4)) stored,
  primary key (tenant_id, id),
  unique (tenant_id, number_blind)
);
comment on table phone is 'A telephone number once in a tenant, whoever shares it: brothers share a father''s number.';
create index phone_by_tail on phone (tenant_id, tail);
call protect('phone', 'select, insert, update, delete');

create table candidate_phone (
  tenant_id uuid not null,
  candidate_id uuid not null,
  phone_id uuid not null,
  relation text not null default 'unknown' check (relation in ('self', 'father', 'mother', 'guardian', 'grandparent', 'relative', 'teacher', 'school', 'neighbour', 'village', 'other', 'unknown')),
  source text not null,
  basis text,
  position smallint not null default 1,
  contact_name text,
  informant boolean not null default false,
  added_by uuid,
  added_at timestamptz not null default now(),
  detached_at timestamptz,
  detached_reason text,
  primary key (tenant_id, candidate_id, phone_id),
  foreign key (tenant_id, candidate_id) references candidate (tenant_id, id),
  foreign key (tenant_id, phone_id) references phone (tenant_id, id),
  check ((detached_at is null) = (detached_reason is null))
);
comment on table candidate_phone is 'Which number belongs to whom, with relation, source and the basis on which it was found. Detached numbers are kept as evidence and never dialled for this candidate.';
create index candidate_phone_of_phone on candidate_phone (tenant_id, phone_id);
call protect('candidate_phone', 'select, insert, update, delete');

create table candidate_note (
  tenant_id uuid not null,
  id uuid not null,
  candidate_id uuid not null,
  body sealed not null,
  flagged text[] not null default '{}',
  written_by uuid not null,
  written_at timestamptz not null default now(),
  voided_at timestamptz,
  void_reason text,
  primary key (tenant_id, id),
  foreign key (tenant_id, candidate_id) references candidate (tenant_id, id)
);
comment on table candidate_note is 'Free notes on a candidate; void with reason instead of delete.';
create index candidate_note_of on candidate_note (tenant_id, candidate_id, written_at desc);
call protect('candidate_note', 'select, insert, update');

create table signal (
  tenant_id uuid not null references tenant,
  code text not null,
  name text not null,
  help text not null,
  position smallint not null,
  active boolean not null default true,
  primary key (tenant_id, code)
);
comment on table signal is 'Risk signals in neutral words (个人信息保护法 art. 28); each names the help it leads to, none lowers a chance.';
call protect('signal', 'select, insert, update');

create table candidate_signal (
  tenant_id uuid not null,
  season_id uuid not null,
  candidate_id uuid not null,
  code text not null,
  marked_by uuid not null,
  marked_at timestamptz not null default now(),
  primary key (tenant_id, candidate_id, code),
  foreign key (tenant_id, candidate_id) references candidate (tenant_id, id),
  foreign key (tenant_id, code) references signal (tenant_id, code)
);
comment on table candidate_signal is 'Signals a caller noticed.';
create index candidate_signal_by_code on candidate_signal (tenant_id, season_id, code, candidate_id);
call protect('candidate_signal', 'select, insert, delete');

create table candidate_wish (
  tenant_id uuid not null,
  candidate_id uuid not null,
  pathway_interest boolean not null default false,
  major_wish text,
  noted_by uuid not null,
  noted_at timestamptz not null default now(),
  primary key (tenant_id, candidate_id),
  foreign key (tenant_id, candidate_id) references candidate (tenant_id, id)
);
comment on table candidate_wish is '本专硕意向 and a wish for another major: noted for later, never promised.';
call protect('candidate_wish', 'select, insert, update');

create table candidate_merge (
  tenant_id uuid not null,
  id uuid not null,
  kept_id uuid not null,
  merged_id uuid not null,
  moved jsonb not null,
  reason text not null,
  merged_by uuid not null,
  merged_at timestamptz not null default now(),
  undone_by uuid,
  undone_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, kept_id) references candidate (tenant_id, id),
  foreign key (tenant_id, merged_id) references candidate (tenant_id, id),
  check (kept_id <> merged_id)
);
comment on table candidate_merge is 'Two files of one person made one, and undone when that was wrong.';
call protect('candidate_merge', 'select, insert, update');

create table saved_view (
  tenant_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  screen text not null,
  name text not null,
  query jsonb not null,
  audience text not null default 'own' check (audience in ('own', 'group', 'all')),
  group_id uuid,
  is_default boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, user_id, screen, name),
  check ((audience = 'group') = (group_id is not null)),
  foreign key (tenant_id, user_id) references user_account (tenant_id, id),
  foreign key (tenant_id, group_id) references staff_group (tenant_id, id)
);
comment on table saved_view is
  'A list with its filters, kept under a name by one person and offered to nobody else, to a group, or to all. No search text.';
create unique index saved_view_default on saved_view (tenant_id, user_id, screen) where is_default;
call protect('saved_view', 'select, insert, update, delete');

create table reveal (
  tenant_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  candidate_id uuid not null,
  field text not null,
  reason text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references user_account (tenant_id, id)
);
comment on table reveal is 'Each showing of a masked field, counted against the daily limit of the person.';
create index reveal_of_user on reveal (tenant_id, user_id, at desc);
call protect('reveal', 'select, insert');

create table area_prefix (
  tenant_id uuid not null references tenant,
  prefix text not null,
  area_code text not null,
  province text,
  city text,
  source text not null,
  primary key (tenant_id, prefix)
);
comment on table area_prefix is 'Own table of mobile prefixes (3 to 7 digits) and their area code; the longest match counts.';
call protect('area_prefix', 'select, insert, update, delete');
