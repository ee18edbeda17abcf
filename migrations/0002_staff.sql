-- People of a college: units, groups, skills, leave. Seed 001 part 4.

create table org_unit (
  tenant_id uuid not null references tenant,
  id uuid not null,
  name text not null,
  kind text not null check (kind in ('school', 'department')),
  head_id uuid,
  created_at timestamptz not null default now(),
  voided_at timestamptz,
  void_reason text,
  primary key (tenant_id, id),
  unique (tenant_id, name),
  check ((voided_at is null) = (void_reason is null)),
  foreign key (tenant_id, head_id) references user_account (tenant_id, id)
);
comment on table org_unit is '二级学院 (school) or 职能部门 (department); its head is the first to approve leave. A deleted one stays, voided with the reason.';
call protect('org_unit', 'select, insert, update');

create table staff_group (
  tenant_id uuid not null references tenant,
  id uuid not null,
  name text not null,
  leader_id uuid,
  supervisor_id uuid,
  leader_exception text,
  capacity integer not null default 13 check (capacity between 1 and 50),
  dissolved_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, name),
  foreign key (tenant_id, leader_id) references user_account (tenant_id, id),
  foreign key (tenant_id, supervisor_id) references user_account (tenant_id, id)
);
comment on table staff_group is '回访小组: 8 to 13 callers with a leader, paired one-to-one with a supervisor.';
comment on column staff_group.leader_exception is 'Why a leader without an earlier award or experience was appointed (seed 001 part 4.1).';
create unique index staff_group_one_per_leader on staff_group (tenant_id, leader_id) where dissolved_at is null;
create unique index staff_group_one_per_supervisor on staff_group (tenant_id, supervisor_id) where dissolved_at is null;
call protect('staff_group', 'select, insert, update');

create table staff_profile (
  tenant_id uuid not null,
  user_id uuid not null,
  kind text not null default 'teacher' check (kind in ('teacher', 'student', 'admissions')),
  unit_id uuid,
  group_id uuid,
  staff_no text,
  experienced boolean not null default false,
  outstanding_last_year boolean not null default false,
  qualified_at timestamptz,
  qualified_by uuid,
  open_work_cap integer not null default 200 check (open_work_cap between 0 and 10000),
  removed_at timestamptz,
  removed_reason text,
  primary key (tenant_id, user_id),
  foreign key (tenant_id, user_id) references user_account (tenant_id, id),
  foreign key (tenant_id, unit_id) references org_unit (tenant_id, id),
  foreign key (tenant_id, group_id) references staff_group (tenant_id, id),
  check (qualified_by is null or qualified_by <> user_id)
);
comment on table staff_profile is 'What the follow-up needs to know of a person: unit, group, experience, training passed, how much open work they take.';
create index staff_profile_of_group on staff_profile (tenant_id, group_id) where removed_at is null;
call protect('staff_profile', 'select, insert, update');

create table skill (
  tenant_id uuid not null references tenant,
  code text not null,
  name text not null,
  kind text not null check (kind in ('dialect', 'subject', 'conversation')),
  voided_at timestamptz,
  void_reason text,
  primary key (tenant_id, code),
  check ((voided_at is null) = (void_reason is null))
);
comment on table skill is 'Skills that route work: dialects, art, refusals. A deleted one stays, voided with the reason; written again it comes back.';
call protect('skill', 'select, insert, update');

create table user_skill (
  tenant_id uuid not null,
  user_id uuid not null,
  skill_code text not null,
  primary key (tenant_id, user_id, skill_code),
  foreign key (tenant_id, user_id) references user_account (tenant_id, id),
  foreign key (tenant_id, skill_code) references skill (tenant_id, code)
);
comment on table user_skill is 'Which caller has which skill.';
call protect('user_skill', 'select, insert, delete');

create table staff_leave (
  tenant_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  starts_on date not null,
  ends_on date not null,
  reason text not null,
  state text not null default 'requested' check (state in ('requested', 'approved', 'rejected', 'ended')),
  unit_approved_by uuid,
  personnel_approved_by uuid,
  office_approved_by uuid,
  rejected_by uuid,
  decision_note text,
  returned_cases integer,
  requested_at timestamptz not null default now(),
  decided_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references user_account (tenant_id, id),
  check (starts_on <= ends_on),
  check (user_id not in (unit_approved_by, personnel_approved_by, office_approved_by)),
  check (unit_approved_by <> personnel_approved_by and unit_approved_by <> office_approved_by and personnel_approved_by <> office_approved_by),
  check (state <> 'approved' or (unit_approved_by is not null and personnel_approved_by is not null and office_approved_by is not null))
);
comment on table staff_leave is '请假: approved by the unit, personnel and the admissions office (seed 001 part 4.3); open work returns when it starts.';
comment on column staff_leave.returned_cases is 'How many open cases went back when the leave began; null until then.';
create index staff_leave_of_user on staff_leave (tenant_id, user_id, starts_on desc);
create index staff_leave_open on staff_leave (tenant_id, starts_on) where state in ('requested', 'approved');
call protect('staff_leave', 'select, insert, update');
