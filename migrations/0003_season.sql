-- Season of a college: phases, batches, majors, policies of provinces, settings. Seeds 000 and 001.

create table season (
  tenant_id uuid not null references tenant,
  id uuid not null,
  name text not null,
  year smallint not null check (year between 2000 and 2100),
  college_name text not null,
  home_area_code text not null check (home_area_code ~ '^0\d{2,3}$'),
  active boolean not null default true,
  phase text not null default 'filing' check (phase in ('guidance', 'filing', 'admitted', 'arrival')),
  round text not null default 'first' check (round in ('first', 'focus', 'final')),
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, year)
);
comment on table season is 'One year of admission of one college. home_area_code decides which numbers are local.';
create unique index season_one_active on season (tenant_id) where active;
call protect('season', 'select, insert, update');

create table season_phase (
  tenant_id uuid not null,
  season_id uuid not null,
  phase text not null check (phase in ('guidance', 'filing', 'admitted', 'arrival')),
  starts_at timestamptz,
  ends_at timestamptz,
  primary key (tenant_id, season_id, phase),
  foreign key (tenant_id, season_id) references season (tenant_id, id),
  check (starts_at is null or ends_at is null or starts_at < ends_at)
);
comment on table season_phase is 'Dates of the four phases 志愿填报指导, 投档, 录取后, 报到.';
call protect('season_phase', 'select, insert, update, delete');

create table batch (
  tenant_id uuid not null,
  id uuid not null,
  season_id uuid not null,
  code text not null,
  name text not null,
  level text not null check (level in ('undergraduate', 'junior', 'upgrade')),
  art boolean not null default false,
  primary key (tenant_id, id),
  unique (tenant_id, season_id, code),
  foreign key (tenant_id, season_id) references season (tenant_id, id)
);
comment on table batch is '批次 of the season, e.g. 本科批, 专科批, 艺术本科批.';
call protect('batch', 'select, insert, update, delete');

create table major (
  tenant_id uuid not null,
  id uuid not null,
  season_id uuid not null,
  code text not null,
  name text not null,
  level text not null check (level in ('undergraduate', 'junior', 'upgrade')),
  art boolean not null default false,
  tuition_fen bigint not null check (tuition_fen >= 0),
  seats integer not null check (seats >= 0),
  primary key (tenant_id, id),
  unique (tenant_id, season_id, level, code),
  foreign key (tenant_id, season_id) references season (tenant_id, id)
);
comment on table major is '专业 with tuition a year in fen and seats.';
call protect('major', 'select, insert, update, delete');

create table major_code (
  tenant_id uuid not null,
  season_id uuid not null,
  province_code text not null,
  batch_id uuid not null,
  category_code text not null default '',
  plan_nature_code text not null default '',
  code text not null,
  name text not null,
  major_id uuid,
  seats integer,
  tuition_fen bigint,
  seats_executed integer,
  filing_margin integer,
  adjust_rank integer,
  remark text,
  primary key (tenant_id, season_id, province_code, batch_id, category_code, plan_nature_code, code),
  foreign key (tenant_id, batch_id) references batch (tenant_id, id),
  foreign key (tenant_id, major_id) references major (tenant_id, id)
);
comment on table major_code is '专业代号 (ZYDH) of a province, batch, 科类 and 计划性质: never joined without them.';
comment on column major_code.plan_nature_code is 'JHXZDM; empty: holds for every 计划性质 that has no row of its own.';
comment on column major_code.name is 'Empty: the plan table (T_JHK) of the province has no names; the college''s own major of that code, or a name entered later.';
comment on column major_code.seats is 'JHRS 计划人数.';
comment on column major_code.seats_executed is 'JHZXS 计划执行数: seats as they stand after the province changed the plan.';
comment on column major_code.filing_margin is 'YTCES 预投差额数: how many are filed beyond the plan.';
comment on column major_code.adjust_rank is 'YXXH 专业调剂优先序号: a lower one takes candidates on adjustment first.';
call protect('major_code', 'select, insert, update, delete');

create table past_line (
  tenant_id uuid not null,
  id uuid not null,
  season_id uuid not null,
  province_code text not null,
  batch_id uuid not null,
  category text not null,
  year smallint not null,
  score_min numeric(8, 3) not null check (score_min >= 0),
  rank_min integer,
  primary key (tenant_id, id),
  unique (tenant_id, season_id, province_code, batch_id, category, year),
  foreign key (tenant_id, season_id) references season (tenant_id, id),
  foreign key (tenant_id, batch_id) references batch (tenant_id, id)
);
comment on table past_line is '往年录取分数线, which callers must know by heart and now read on the call screen.';
call protect('past_line', 'select, insert, update, delete');

create table province_policy (
  tenant_id uuid not null,
  id uuid not null,
  season_id uuid not null,
  province_code text not null check (province_code ~ '^\d{2}$'),
  batch_id uuid not null,
  district_code text not null default '',
  withdrawable boolean,
  phone_shielded boolean,
  new_exam boolean,
  art_school_exam boolean not null default false,
  seats integer check (seats >= 0),
  batch_starts_at timestamptz,
  batch_ends_at timestamptz,
  withdrawal_deadline_at timestamptz,
  calling_from time not null default '09:00',
  calling_until time not null default '21:00',
  version integer not null default 1,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  primary key (tenant_id, id),
  unique (tenant_id, season_id, province_code, batch_id, district_code),
  foreign key (tenant_id, season_id) references season (tenant_id, id),
  foreign key (tenant_id, batch_id) references batch (tenant_id, id),
  check (calling_from < calling_until),
  check (batch_starts_at is null or batch_ends_at is null or batch_starts_at < batch_ends_at)
);
comment on table province_policy is 'Policy of province x batch (x district): 可退档/不可退档, 屏蔽电话, 新高考, dates. Null means not yet entered, and blocks release.';
call protect('province_policy', 'select, insert, update');

create table follow_up_setting (
  tenant_id uuid not null,
  season_id uuid not null,
  version integer not null,
  body jsonb not null,
  changed_by uuid,
  changed_at timestamptz not null default now(),
  reason text not null,
  primary key (tenant_id, season_id, version),
  foreign key (tenant_id, season_id) references season (tenant_id, id)
);
comment on table follow_up_setting is 'Caps, leases, retries, targets of a season; each change is a new version, the highest counts.';
call protect('follow_up_setting', 'select, insert');
