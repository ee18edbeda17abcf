-- Escalation with an owner at every moment; withdrawal by the candidate's own signed request; weekly summaries.

create table escalation (
  tenant_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  from_user_id uuid,
  tier text not null check (tier in ('leader', 'escalation_team', 'supervisor', 'office')),
  to_user_id uuid,
  to_group_id uuid,
  cause text not null,
  summary text not null,
  evidence jsonb not null,
  responsible_id uuid not null,
  state text not null default 'open' check (state in ('open', 'accepted', 'returned', 'passed_on', 'done')),
  opened_at timestamptz not null,
  accept_by timestamptz not null,
  accepted_at timestamptz,
  accepted_by uuid,
  resolve_by timestamptz,
  ended_at timestamptz,
  ended_by uuid,
  end_note text,
  next_id uuid,
  told_late text check (told_late in ('accept', 'resolve')),
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references follow_up_case (tenant_id, id),
  foreign key (tenant_id, responsible_id) references user_account (tenant_id, id),
  check ((state in ('open', 'accepted')) = (ended_at is null)),
  check (state <> 'accepted' or (accepted_by is not null and accepted_by = responsible_id))
);
comment on column escalation.told_late is 'Which of the two times had passed when people were last told.';
comment on table escalation is 'Hand-over of a case upwards. responsible_id is never null: the earlier owner until acceptance.';
create unique index escalation_one_open on escalation (tenant_id, case_id) where state in ('open', 'accepted');
create index escalation_waiting on escalation (tenant_id, tier, accept_by) where state = 'open';
create index escalation_untold_open on escalation (tenant_id, accept_by) where state = 'open' and told_late is null;
create index escalation_untold_accepted on escalation (tenant_id, resolve_by) where state = 'accepted' and told_late is distinct from 'resolve';
create index escalation_of_person on escalation (tenant_id, responsible_id, state);
call protect('escalation', 'select, insert, update');

create table playbook_step (
  tenant_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  step text not null,
  route text,
  outcome text not null check (outcome in ('found', 'nothing', 'waiting', 'not_applicable')),
  detail sealed,
  phone_id uuid,
  basis text,
  done_by uuid not null,
  done_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references follow_up_case (tenant_id, id)
);
comment on table playbook_step is 'Steps of the playbook for the unreached (seed 000 part 6), each recorded with source and basis.';
create index playbook_step_of on playbook_step (tenant_id, case_id, done_at);
call protect('playbook_step', 'select, insert');

create table withdrawal (
  tenant_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  candidate_id uuid not null,
  policy_id uuid not null,
  state text not null check (state in ('letter_sent', 'evidence_in', 'checked', 'executed', 'rejected', 'cancelled', 'lapsed')),
  reason_code text not null,
  reason_text text not null,
  letter_file_id uuid,
  evidence_file_id uuid,
  uploaded_by uuid,
  uploaded_at timestamptz,
  checklist jsonb not null default '{}',
  checked_by uuid,
  checked_at timestamptz,
  executed_by uuid,
  executed_at timestamptz,
  rejected_reason text,
  requested_by uuid not null,
  requested_at timestamptz not null default now(),
  deadline_at timestamptz,
  remove_evidence_after date,
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references follow_up_case (tenant_id, id),
  foreign key (tenant_id, candidate_id) references candidate (tenant_id, id),
  foreign key (tenant_id, policy_id) references province_policy (tenant_id, id),
  constraint checker_is_not_the_uploader check (checked_by is null or (checked_by <> requested_by and checked_by is distinct from uploaded_by)),
  constraint executor_is_not_the_checker check (executed_by is null or (executed_by <> checked_by and executed_by <> requested_by)),
  constraint nothing_executed_without_evidence check (state <> 'executed' or (evidence_file_id is not null and checked_by is not null and executed_by is not null))
);
comment on table withdrawal is '退档申请: the candidate''s own signed request, one photo of letter, ID card and admission ticket; checked by the leader, executed by the file clerk.';
create unique index withdrawal_one_open on withdrawal (tenant_id, case_id) where state in ('letter_sent', 'evidence_in', 'checked');
create unique index withdrawal_one_executed on withdrawal (tenant_id, case_id) where state = 'executed';
create index withdrawal_by_state on withdrawal (tenant_id, state, requested_at);
call protect('withdrawal', 'select, insert, update');

create table wrongful_withdrawal (
  tenant_id uuid not null,
  id uuid not null,
  withdrawal_id uuid not null,
  reported_by uuid not null,
  reported_at timestamptz not null default now(),
  description text not null,
  trace jsonb not null,
  state text not null default 'open' check (state in ('open', 'confirmed', 'unfounded')),
  decided_by uuid,
  decided_at timestamptz,
  finding text,
  primary key (tenant_id, id),
  foreign key (tenant_id, withdrawal_id) references withdrawal (tenant_id, id),
  check (decided_by is null or decided_by <> reported_by)
);
comment on table wrongful_withdrawal is '误退: reported, and traced to everyone who touched the withdrawal.';
create index wrongful_in_order on wrongful_withdrawal (tenant_id, (state = 'open'), reported_at, id);
call protect('wrongful_withdrawal', 'select, insert, update');

create table final_decision (
  tenant_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  result text not null check (result in ('admitted', 'withdrawn', 'returned', 'closed')),
  reason text not null,
  proposed_by uuid not null,
  proposed_at timestamptz not null,
  confirmed_by uuid,
  confirmed_at timestamptz,
  rejected_by uuid,
  rejected_at timestamptz,
  rejected_reason text,
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references follow_up_case (tenant_id, id),
  constraint confirmed_by_a_second_person check (confirmed_by is null or confirmed_by <> proposed_by),
  constraint confirmed_or_rejected check (confirmed_by is null or rejected_by is null)
);
comment on table final_decision is 'R11 and other ends without a word of the candidate: decided by the office before the deadline, both names signed.';
create index final_decision_of on final_decision (tenant_id, case_id);
create unique index final_decision_one_open on final_decision (tenant_id, case_id) where confirmed_by is null and rejected_by is null;
call protect('final_decision', 'select, insert, update');

create table weekly_summary (
  tenant_id uuid not null,
  id uuid not null,
  season_id uuid not null,
  group_id uuid not null,
  week_starts_on date not null,
  figures jsonb not null,
  remarks text not null default '',
  written_by uuid not null,
  state text not null default 'draft' check (state in ('draft', 'sent')),
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, season_id, group_id, week_starts_on),
  foreign key (tenant_id, season_id) references season (tenant_id, id),
  foreign key (tenant_id, group_id) references staff_group (tenant_id, id)
);
comment on table weekly_summary is 'A leader''s weekly report: figures from the ledger, remarks by hand, sent to the office.';
call protect('weekly_summary', 'select, insert, update');
