-- The follow-up: cases, leases, contacts, call-backs, their journal and the one function that writes a case: docs/architecture.md.

create table script (
  tenant_id uuid not null,
  id uuid not null,
  season_id uuid not null,
  name text not null,
  kind text not null check (kind in ('call', 'sms')),
  withdrawable boolean,
  phase text check (phase in ('guidance', 'filing', 'admitted', 'arrival')),
  round text check (round in ('first', 'focus', 'final')),
  occasion text check (occasion in ('no_answer', 'switched_off', 'declined')),
  retired_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, season_id, name),
  constraint only_messages_go_by_themselves check (occasion is null or kind = 'sms'),
  foreign key (tenant_id, season_id) references season (tenant_id, id)
);
-- Two call scripts for the same spot would leave it to chance which one is spoken.
create unique index script_one_per_spot on script (tenant_id, season_id, withdrawable, phase, round)
  nulls not distinct where kind = 'call' and retired_at is null;
create unique index script_one_per_occasion on script (tenant_id, season_id, withdrawable, phase, round, occasion)
  nulls not distinct where occasion is not null and retired_at is null;
comment on table script is 'A script or message template per policy kind, phase and round; null fits every one, the most specific counts.';
call protect('script', 'select, insert, update');

create table script_version (
  tenant_id uuid not null,
  id uuid not null,
  script_id uuid not null,
  version integer not null,
  body jsonb not null,
  flagged jsonb not null default '[]',
  state text not null default 'draft' check (state in ('draft', 'submitted', 'approved', 'rejected', 'retired')),
  authors uuid[] not null default '{}',
  written_at timestamptz not null default now(),
  submitted_by uuid,
  submitted_at timestamptz,
  decided_by uuid,
  decided_at timestamptz,
  decision_note text,
  primary key (tenant_id, id),
  unique (tenant_id, script_id, version),
  foreign key (tenant_id, script_id) references script (tenant_id, id),
  constraint nobody_decides_on_own_words check (decided_by is null or not decided_by = any (authors || submitted_by)),
  constraint approved_by_somebody check (state <> 'approved' or decided_by is not null),
  constraint flags_cite_a_document check (state <> 'approved'
    or jsonb_array_length(flagged) = jsonb_array_length(jsonb_path_query_array(flagged, '$[*] ? (@.source like_regex ".{4}")')))
);
comment on table script_version is 'Versions of a script; only one approved by a second person is spoken.';
comment on column script_version.authors is 'Everyone who wrote on this version; empty: the default pack.';
create unique index script_version_in_force on script_version (tenant_id, script_id) where state = 'approved';
create unique index script_version_open on script_version (tenant_id, script_id) where state in ('draft', 'submitted');
call protect('script_version', 'select, insert, update');

create table phrase (
  tenant_id uuid not null references tenant,
  id uuid not null,
  pattern text not null check (length(pattern) between 2 and 60),
  kind text not null check (kind in ('promise', 'threat', 'discouragement', 'other')),
  advice text not null,
  rule text not null,
  active boolean not null default true,
  primary key (tenant_id, id),
  unique (tenant_id, pattern)
);
comment on table phrase is 'Phrases that warn author and approver of a script, and the writer of a note: promises, threats, pressing (十项禁令 6 and 7).';
call protect('phrase', 'select, insert, update');

create table follow_up_case (
  tenant_id uuid not null,
  id uuid not null,
  season_id uuid not null,
  policy_id uuid not null,
  candidate_id uuid not null,
  phase text not null check (phase in ('guidance', 'filing', 'admitted', 'arrival')),
  round text not null default 'first' check (round in ('first', 'focus', 'final')),
  owner_id uuid,
  group_id uuid,
  state text not null check (state in ('ready', 'leased', 'scheduled', 'blocked', 'escalated', 'final')),
  disposition text not null default 'uncalled' check (disposition in ('uncalled', 'confirmed', 'considering', 'unreachable', 'withdrawing')),
  result text check (result in ('admitted', 'withdrawn', 'returned', 'closed')),
  result_reason text,
  priority smallint not null default 5 check (priority between 0 and 9),
  due_at timestamptz,
  group_due_at timestamptz,
  pool_due_at timestamptz,
  deadline_at timestamptz,
  required_skill text,
  not_caller_id uuid,
  lease_id uuid,
  callback_id uuid,
  escalation_id uuid,
  blocked_reason text,
  in_charge_id uuid,
  attempts integer not null default 0,
  dials integer not null default 0,
  contacts integer not null default 0,
  talk_seconds integer not null default 0,
  refusals integer not null default 0,
  unanswered integer not null default 0,
  considered integer not null default 0,
  day_parts jsonb not null default '{}',
  messages jsonb not null default '{}',
  dialled_on date,
  dialled_today smallint not null default 0,
  last_attempt_id uuid,
  last_attempt_at timestamptz,
  last_outcome text,
  skips smallint not null default 0,
  version integer not null default 1,
  event_hash bytea not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, season_id, candidate_id, phase),
  foreign key (tenant_id, season_id) references season (tenant_id, id),
  foreign key (tenant_id, policy_id) references province_policy (tenant_id, id),
  foreign key (tenant_id, candidate_id) references candidate (tenant_id, id),
  constraint a_state_has_its_next_step check (case state
    when 'ready' then due_at is not null and lease_id is null and callback_id is null and escalation_id is null and result is null
    when 'leased' then lease_id is not null and result is null
    when 'scheduled' then callback_id is not null and due_at is not null and lease_id is null and result is null
    when 'blocked' then blocked_reason is not null and in_charge_id is not null and lease_id is null and result is null
    when 'escalated' then escalation_id is not null and lease_id is null and result is null
    when 'final' then result is not null and lease_id is null and due_at is null
  end)
);
comment on table follow_up_case is 'What stands to be done for one candidate in one phase. A case without a next step cannot be stored. Only case_apply() writes it.';
comment on column follow_up_case.due_at is 'When the owner may pull it next; caps, calling hours and day parts are already in it.';
comment on column follow_up_case.group_due_at is 'From when anyone of the group may pull it; null: never.';
comment on column follow_up_case.pool_due_at is 'From when anyone may pull it; null: never.';
create index case_for_owner on follow_up_case (tenant_id, owner_id, priority, due_at, id) where state in ('ready', 'scheduled');
create index case_for_group on follow_up_case (tenant_id, group_id, priority, group_due_at, id) where state in ('ready', 'scheduled') and group_due_at is not null;
create index case_for_all on follow_up_case (tenant_id, season_id, policy_id, priority, pool_due_at, id) where state = 'ready' and pool_due_at is not null;
create index case_promised_for_all on follow_up_case (tenant_id, season_id, priority, pool_due_at, id) where state = 'scheduled' and pool_due_at is not null;
create index case_kept_from_all on follow_up_case (tenant_id, season_id, id) where state in ('ready', 'scheduled') and pool_due_at is null;
create index case_of_candidate on follow_up_case (tenant_id, candidate_id);
-- With what a list counts, joins and sorts by: collected without looking at the cases themselves.
create index case_by_owner_state on follow_up_case (tenant_id, season_id, owner_id, state, disposition, phase) include (candidate_id, group_id, due_at, deadline_at);
create index case_by_group_state on follow_up_case (tenant_id, season_id, group_id, state, disposition, phase, candidate_id) include (due_at, deadline_at);
create index case_by_deadline on follow_up_case (tenant_id, season_id, deadline_at) include (phase, disposition, candidate_id) where state <> 'final';
create index case_by_due on follow_up_case (tenant_id, season_id, phase, disposition, due_at, candidate_id) where due_at is not null;
create index case_by_policy on follow_up_case (tenant_id, season_id, phase, policy_id, group_id, owner_id, state, disposition);
create index case_by_disposition on follow_up_case (tenant_id, season_id, disposition, state, phase, candidate_id) include (due_at, deadline_at);
call protect('follow_up_case', 'select');
-- Row locks (for update skip locked) need the update privilege on a column. Row security lets tenant_id be set to nothing but itself.
grant update (tenant_id) on follow_up_case to zhizhao_app;

create table case_event (
  tenant_id uuid not null,
  case_id uuid not null,
  seq integer not null check (seq > 0),
  kind text not null check (kind in ('opened', 'assigned', 'round', 'claimed', 'finished', 'released', 'escalated', 'reopened', 'corrected', 'blocked', 'closed')),
  at timestamptz not null,
  actor_id uuid,
  cause_id uuid,
  after jsonb not null,
  note text,
  hash bytea not null,
  primary key (tenant_id, case_id, seq)
);
comment on table case_event is 'Journal of a case: after holds the columns that the event set. Folding it in order rebuilds the case byte for byte; each hash signs the one before.';
call protect('case_event', 'select');

create table lease (
  tenant_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  candidate_id uuid not null,
  caller_id uuid not null,
  how text not null default 'pull' check (how in ('pull', 'callback', 'takeover', 'escalation')),
  phone_id uuid,
  dial_started_at timestamptz,
  opened_at timestamptz not null,
  heartbeat_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  end_reason text check (end_reason in ('finished', 'skipped', 'released', 'expired', 'taken_over', 'undone')),
  undo jsonb,
  before jsonb,
  script_version_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references follow_up_case (tenant_id, id),
  foreign key (tenant_id, caller_id) references user_account (tenant_id, id),
  check ((ended_at is null) = (end_reason is null)),
  check (ended_at is null or ended_at >= opened_at)
);
comment on table lease is 'A caller holds a case. Open at most once per case and per caller; expires without heartbeat.';
comment on column lease.undo is 'What finishing under this lease changed, as it was before: undo within seconds puts it back.';
comment on column lease.before is 'Of a case taken out of its end or its stop because the candidate called: what it was. Given back without a result, it is so again.';
comment on column lease.script_version_id is 'The call script as it was when the case was taken: it is spoken to the end of the call and recorded with it, whatever is approved or retired meanwhile.';
create unique index lease_one_per_case on lease (tenant_id, case_id) where ended_at is null;
create unique index lease_one_per_caller on lease (tenant_id, caller_id) where ended_at is null;
create index lease_expiring on lease (tenant_id, expires_at) where ended_at is null;
create index lease_of_caller on lease (tenant_id, caller_id, ended_at desc);
create index lease_history on lease (tenant_id, case_id, opened_at);
call protect('lease', 'select, insert, update');

create table lease_phone (
  tenant_id uuid not null,
  lease_id uuid not null,
  phone_id uuid not null,
  ended_at timestamptz,
  primary key (tenant_id, lease_id, phone_id),
  foreign key (tenant_id, lease_id) references lease (tenant_id, id),
  foreign key (tenant_id, phone_id) references phone (tenant_id, id)
);
comment on table lease_phone is 'The numbers a lease holds: nobody else can be dialling the same father for his other son.';
create unique index lease_phone_open on lease_phone (tenant_id, phone_id) where ended_at is null;
call protect('lease_phone', 'select, insert, update');

create table lease_draft (
  tenant_id uuid not null,
  lease_id uuid not null,
  body sealed not null,
  saved_at timestamptz not null,
  primary key (tenant_id, lease_id),
  foreign key (tenant_id, lease_id) references lease (tenant_id, id)
);
comment on table lease_draft is 'What the caller has typed so far; survives reload and a new login.';
call protect('lease_draft', 'select, insert, update, delete');

create table attempt (
  tenant_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  candidate_id uuid not null,
  season_id uuid not null,
  policy_id uuid not null,
  lease_id uuid not null,
  caller_id uuid not null,
  group_id uuid,
  phase text not null,
  round text not null,
  channel text not null check (channel in ('phone', 'sms', 'qq', 'wechat', 'weibo', 'visit', 'portal', 'other')),
  direction text not null default 'out' check (direction in ('out', 'in')),
  phone_id uuid,
  line text,
  answerer text,
  result text,
  outcome text not null,
  counts_as_contact boolean not null,
  policy_version integer not null,
  script_version_id uuid,
  started_at timestamptz not null,
  answered_at timestamptz,
  ended_at timestamptz not null,
  talk_seconds integer not null default 0 check (talk_seconds between 0 and 14400),
  note sealed,
  flagged text[] not null default '{}',
  recording_file_id uuid,
  incomplete boolean not null default false,
  client_key text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, client_key),
  foreign key (tenant_id, case_id) references follow_up_case (tenant_id, id),
  foreign key (tenant_id, lease_id) references lease (tenant_id, id),
  check (answered_at is null or answered_at >= started_at),
  check (ended_at >= started_at)
);
comment on table attempt is 'The ledger: every contact tried, whatever the channel. Insert-only; corrections stand beside it.';
comment on column attempt.incomplete is 'A dialled lease expired without a result: the caller must complete it.';
create unique index attempt_one_call_per_lease on attempt (tenant_id, lease_id) where channel = 'phone';
create index attempt_of_case on attempt (tenant_id, case_id, started_at desc);
create index attempt_of_candidate on attempt (tenant_id, candidate_id, started_at desc);
create index attempt_of_caller on attempt (tenant_id, caller_id, started_at desc);
create index attempt_incomplete on attempt (tenant_id, caller_id) where incomplete;
call protect('attempt', 'select, insert');

create table attempt_correction (
  tenant_id uuid not null,
  id uuid not null,
  attempt_id uuid not null,
  kind text not null check (kind in ('undone', 'corrected', 'completed')),
  before jsonb not null,
  after jsonb not null,
  reason text not null,
  corrected_by uuid not null,
  corrected_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, attempt_id) references attempt (tenant_id, id)
);
comment on table attempt_correction is 'What was changed about an attempt, by whom and why; the attempt itself stays as written.';
create index attempt_correction_of on attempt_correction (tenant_id, attempt_id, corrected_at);
call protect('attempt_correction', 'select, insert');

create table callback (
  tenant_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  due_at timestamptz not null,
  scope text not null default 'owner' check (scope in ('owner', 'group', 'any')),
  note text,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  state text not null default 'open' check (state in ('open', 'done', 'missed', 'cancelled')),
  ended_at timestamptz,
  successor_id uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references follow_up_case (tenant_id, id),
  check ((state = 'open') = (ended_at is null))
);
comment on table callback is 'A promised call-back: the owner''s until 15 minutes after, then the group''s, then anyone''s.';
create unique index callback_one_open_per_case on callback (tenant_id, case_id) where state = 'open';
create index callback_due on callback (tenant_id, due_at) where state = 'open';
create index callback_of_creator on callback (tenant_id, created_by, due_at) where state = 'open';
call protect('callback', 'select, insert, update');

create table credit (
  tenant_id uuid not null,
  case_id uuid not null,
  user_id uuid not null,
  kind text not null check (kind in ('follow_up', 'escalation_filing', 'escalation_arrival')),
  rule_version integer not null default 1,
  escalation_id uuid,
  given_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (tenant_id, case_id, user_id, kind),
  foreign key (tenant_id, case_id) references follow_up_case (tenant_id, id)
);
comment on table credit is 'To whom the result of a case is credited; money follows this, not ownership.';
call protect('credit', 'select, insert, update');

create table do_not_call (
  tenant_id uuid not null,
  id uuid not null,
  scope text not null check (scope in ('person', 'number')),
  candidate_id uuid,
  phone_id uuid,
  reason text not null,
  set_by uuid not null,
  set_at timestamptz not null default now(),
  ends_at timestamptz check (ends_at > set_at),
  lifted_by uuid,
  lifted_at timestamptz,
  lift_reason text,
  primary key (tenant_id, id),
  foreign key (tenant_id, candidate_id) references candidate (tenant_id, id),
  foreign key (tenant_id, phone_id) references phone (tenant_id, id),
  check ((scope = 'person') = (candidate_id is not null) and (scope = 'number') = (phone_id is not null)),
  check (scope = 'number' or ends_at is null)
);
comment on table do_not_call is '勿再来电 of a person or a number; only a supervisor lifts it, with a reason.';
comment on column do_not_call.ends_at is 'A number may be barred until a day; null: for good. A person always for good.';
create unique index do_not_call_person on do_not_call (tenant_id, candidate_id) where lifted_at is null and scope = 'person';
create unique index do_not_call_number on do_not_call (tenant_id, phone_id) where lifted_at is null and scope = 'number';
call protect('do_not_call', 'select, insert, update');

create table presence (
  tenant_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  state text not null check (state in ('working', 'wrap_up', 'paused', 'offline')),
  reason text,
  since timestamptz not null,
  until timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references user_account (tenant_id, id)
);
comment on table presence is 'Working, wrapping up or pausing with a reason: coaching signals, never lock-outs.';
create unique index presence_now on presence (tenant_id, user_id) where until is null;
call protect('presence', 'select, insert, update');

create table case_skip (
  tenant_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  lease_id uuid not null,
  caller_id uuid not null,
  reason text not null,
  note text,
  at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references follow_up_case (tenant_id, id)
);
comment on table case_skip is 'A case put back with a reason code; leaders see how often.';
create index case_skip_by_caller on case_skip (tenant_id, caller_id, at desc);
call protect('case_skip', 'select, insert');

create table follow_up_proof (
  tenant_id uuid not null references tenant,
  id uuid not null,
  checked_at timestamptz not null,
  took_ms integer not null check (took_ms >= 0),
  result jsonb not null,
  primary key (tenant_id, id)
);
comment on table follow_up_proof is 'Nightly runs of the proof obligations: conservation, no double call, no silent end, replay; result names what was found.';
create index follow_up_proof_latest on follow_up_proof (tenant_id, checked_at desc);
call protect('follow_up_proof', 'select, insert, delete');

-- Counters. Every change adds a delta row, so that writers never wait for each other; a job folds deltas into the sums.

create table case_tally (
  tenant_id uuid not null references tenant,
  season_id uuid not null,
  grain text not null check (grain in ('owner', 'policy')),
  policy_id uuid not null,
  phase text not null,
  round text not null,
  owner_id uuid not null,
  group_id uuid not null,
  state text not null,
  disposition text not null,
  result text not null,
  cases bigint not null,
  primary key (tenant_id, season_id, grain, policy_id, phase, round, owner_id, group_id, state, disposition, result)
);
comment on table case_tally is 'How many cases stand where, once by owner and phase and once by policy, phase and round. Nil uuid: no owner or group, or not split by it; empty text likewise.';
call protect('case_tally', 'select, insert, update, delete');

create table case_tally_delta (
  tenant_id uuid not null references tenant,
  id uuid not null,
  season_id uuid not null,
  policy_id uuid not null,
  phase text not null,
  round text not null,
  owner_id uuid not null,
  group_id uuid not null,
  state text not null,
  disposition text not null,
  result text not null,
  cases bigint not null,
  primary key (tenant_id, id)
);
comment on table case_tally_delta is 'Changes not yet folded into case_tally; a reader adds both.';
create index case_tally_delta_of_owner on case_tally_delta (tenant_id, season_id, owner_id);
call protect('case_tally_delta', 'select, insert, delete');

create table contact_tally (
  tenant_id uuid not null references tenant,
  season_id uuid not null,
  grain text not null check (grain in ('caller_day', 'caller', 'policy_day', 'policy', 'hour')),
  caller_id uuid not null,
  group_id uuid not null,
  policy_id uuid not null,
  phase text not null,
  day date not null,
  weekday smallint not null,
  hour smallint not null,
  attempts bigint not null,
  dials bigint not null,
  contacts bigint not null,
  refusals bigint not null,
  unreached bigint not null,
  unknown_eligibility bigint not null,
  not_eligible bigint not null default 0,
  confirmed bigint not null,
  considering bigint not null,
  withdrawing bigint not null,
  talk_seconds bigint not null,
  discarded bigint not null default 0,
  primary key (tenant_id, season_id, grain, day, caller_id, group_id, policy_id, phase, weekday, hour)
);
comment on table contact_tally is 'Contacts by caller and day, caller, policy and day, policy, and hour of the week. Columns a grain does not split by hold nil, 1970-01-01 or -1.';
call protect('contact_tally', 'select, insert, update, delete');

create table contact_tally_delta (
  tenant_id uuid not null references tenant,
  id uuid not null,
  season_id uuid not null,
  caller_id uuid not null,
  group_id uuid not null,
  policy_id uuid not null,
  phase text not null,
  day date not null,
  weekday smallint not null,
  hour smallint not null,
  attempts bigint not null,
  dials bigint not null,
  contacts bigint not null,
  refusals bigint not null,
  unreached bigint not null,
  unknown_eligibility bigint not null,
  not_eligible bigint not null default 0,
  confirmed bigint not null,
  considering bigint not null,
  withdrawing bigint not null,
  talk_seconds bigint not null,
  discarded bigint not null default 0,
  primary key (tenant_id, id)
);
comment on table contact_tally_delta is 'Contacts not yet folded into contact_tally; a reader adds both.';
create index contact_tally_delta_of_caller on contact_tally_delta (tenant_id, season_id, caller_id);
call protect('contact_tally_delta', 'select, insert, delete');

/*
 * Bytes that an event's hash signs. Nothing but immutable operators, so that a statement over millions of events takes it in line. Each column
 * that may be empty keeps its place: one id moved into the other column signs differently.
 */
create function case_event_text(e case_event) returns text language sql immutable as $$
  select e.tenant_id::text || '|' || e.case_id::text || '|' || e.seq::text || '|' || e.kind || '|' || extract(epoch from e.at)::numeric(20, 6)::text
    || '|' || coalesce(e.actor_id::text, '') || '|' || coalesce(e.cause_id::text, '') || '|' || e.after::text || coalesce('|' || e.note, '')
$$;

/* What a row of changes leaves: the journal of a case folded in order. */
create aggregate jsonb_merge (jsonb) (sfunc = jsonb_concat, stype = jsonb, initcond = '{}');

/* Tally rows of a set of cases: +1 for what they are, -1 for what they were. */
create procedure tally_cases(rows follow_up_case[], direction integer) language sql as $$
  insert into case_tally_delta
  select c.tenant_id, gen_random_uuid(), c.season_id, c.policy_id, c.phase, c.round,
    coalesce(c.owner_id, '00000000-0000-0000-0000-000000000000'), coalesce(c.group_id, '00000000-0000-0000-0000-000000000000'),
    c.state, c.disposition, coalesce(c.result, ''), direction * count(*)
  from unnest(rows) c
  group by c.tenant_id, c.season_id, c.policy_id, c.phase, c.round, c.owner_id, c.group_id, c.state, c.disposition, c.result
$$;

/*
 * The only writer of follow_up_case. changes: array of
 *   { id, version, kind, at, actorId, causeId, note, after: { column: value, … } }
 * version 0 opens a case (after holds all its columns); otherwise it must be the version read, or the whole call fails
 * with case_version_conflict; a case has one change in a call. Journal, chain and counters are written here, so nobody can change a case
 * beside them. Statements over sets: a release, a round or an absence brings thousands at once.
 */
create function case_apply(changes jsonb) returns integer language plpgsql security definer set search_path = public, pg_temp as $$
declare
  tenant uuid := current_tenant();
  ids uuid[];
  stale uuid;
  gone follow_up_case[];
  come follow_up_case[];
begin
  if tenant is null then raise exception 'no tenant set'; end if;
  with opening as (
    select row(tenant, (c->>'id')::uuid, 1, c->>'kind', (c->>'at')::timestamptz, (c->>'actorId')::uuid, (c->>'causeId')::uuid,
      c->'after', c->>'note', ''::bytea)::case_event as e
    from jsonb_array_elements(changes) c where (c->>'version')::integer = 0
  ), signed as (
    select e, sha256(convert_to(case_event_text(e), 'UTF8')) as hash from opening
  ), written as (
    insert into case_event
    select (e).tenant_id, (e).case_id, 1, (e).kind, (e).at, (e).actor_id, (e).cause_id, (e).after, (e).note, hash from signed
  )
  select array_agg(jsonb_populate_record(null::follow_up_case, (e).after || jsonb_build_object('tenant_id', tenant,
    'id', (e).case_id, 'version', 1, 'created_at', (e).at, 'updated_at', (e).at, 'event_hash', hash)))
  into come from signed;
  if come is not null then
    insert into follow_up_case select * from unnest(come);
    call tally_cases(come, 1);
  end if;
  select array_agg((c->>'id')::uuid) into ids from jsonb_array_elements(changes) c where (c->>'version')::integer > 0;
  if ids is null then return jsonb_array_length(changes); end if;
  -- Locked in the order of their ids, so that two calls never wait for each other crosswise; then read as they are now.
  perform from follow_up_case c where c.tenant_id = tenant and c.id = any(ids) order by c.id for update;
  with change as (
    select (c->>'id')::uuid as id, (c->>'version')::integer as version, row(tenant, (c->>'id')::uuid, (c->>'version')::integer + 1, c->>'kind',
      (c->>'at')::timestamptz, (c->>'actorId')::uuid, (c->>'causeId')::uuid, c->'after', c->>'note', ''::bytea)::case_event as e
    from jsonb_array_elements(changes) c where (c->>'version')::integer > 0
  ), met as (
    select m.id, m.e, c as old, sha256(c.event_hash || convert_to(case_event_text(m.e), 'UTF8')) as hash
    from change m left join follow_up_case c on c.tenant_id = tenant and c.id = m.id and c.version = m.version
  ), written as (
    insert into case_event
    select (e).tenant_id, (e).case_id, (e).seq, (e).kind, (e).at, (e).actor_id, (e).cause_id, (e).after, (e).note, hash
    from met where hash is not null
  )
  select (array_agg(id) filter (where hash is null))[1], array_agg(old), array_agg(jsonb_populate_record(old, (e).after
    || jsonb_build_object('version', (e).seq, 'updated_at', (e).at, 'event_hash', hash)))
  into stale, gone, come from met;
  if stale is not null then raise exception 'case_version_conflict %', stale using errcode = '40001'; end if;
  update follow_up_case c set
    policy_id = new.policy_id, round = new.round, owner_id = new.owner_id, group_id = new.group_id, state = new.state,
    disposition = new.disposition, result = new.result, result_reason = new.result_reason, priority = new.priority,
    due_at = new.due_at, group_due_at = new.group_due_at, pool_due_at = new.pool_due_at, deadline_at = new.deadline_at,
    required_skill = new.required_skill, not_caller_id = new.not_caller_id, lease_id = new.lease_id,
    callback_id = new.callback_id, escalation_id = new.escalation_id, blocked_reason = new.blocked_reason,
    in_charge_id = new.in_charge_id, attempts = new.attempts, dials = new.dials, contacts = new.contacts,
    talk_seconds = new.talk_seconds, refusals = new.refusals, unanswered = new.unanswered, considered = new.considered,
    day_parts = new.day_parts, messages = new.messages, dialled_on = new.dialled_on, dialled_today = new.dialled_today,
    last_attempt_id = new.last_attempt_id, last_attempt_at = new.last_attempt_at, last_outcome = new.last_outcome,
    skips = new.skips, version = new.version, event_hash = new.event_hash, updated_at = new.updated_at
  from unnest(come) new where c.tenant_id = tenant and c.id = new.id;
  call tally_cases(gone, -1);
  call tally_cases(come, 1);
  return jsonb_array_length(changes);
end $$;
revoke all on function case_apply(jsonb) from public;
grant execute on function case_apply(jsonb) to zhizhao_app;
comment on function case_apply(jsonb) is 'Allowed SECURITY DEFINER: the application role has no direct write on follow_up_case and case_event.';
