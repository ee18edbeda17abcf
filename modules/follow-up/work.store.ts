import { sql } from 'kysely';
import { prepared } from '#platform/db/pool';
import type { Ctx } from '#platform/db/tenant';
import type { Instant } from '#platform/ids';
import { shanghaiDay, startOfDay } from '#platform/shanghai';
import { PRIORITY } from './decide.rules.ts';
import { casesOfOwner, contactsOfCaller } from './tally.store.ts';

/** What the call screen shows beside the file of the case. Reads tables of other modules in joins; writes nothing. */

export interface CandidateRow {
  readonly id: string;
  readonly name: string;
  readonly candidateNo: string;
  readonly sex: 'male' | 'female' | null;
  readonly minorUntil: string | null;
  readonly provinceCode: string;
  readonly batchName: string;
  readonly category: string | null;
  readonly schoolName: string | null;
  readonly majorName: string | null;
  readonly majorTuitionFen: number | null;
  readonly preferenceRank: number | null;
  readonly score: number | null;
  readonly filingScore: number | null;
  readonly artSchoolExam: boolean;
  readonly signals: string[];
  readonly pathwayInterest: boolean;
  readonly majorWish: string | null;
  readonly ownerName: string | null;
  readonly callbackNote: string | null;
  readonly pastLines: { year: number; category: string; scoreMin: number; rankMin: number | null }[];
}

export async function readCandidate(ctx: Ctx, caseId: string): Promise<CandidateRow> {
  const { rows } = await sql<CandidateRow>`${prepared}
    select d.id, d.name, d.candidate_no as "candidateNo", d.sex, d.minor_until as "minorUntil", d.province_code as "provinceCode",
      b.name as "batchName", d.category, d.school_name as "schoolName", d.major_name as "majorName",
      (select m.tuition_fen from major_code m where m.tenant_id = d.tenant_id and m.season_id = d.season_id
        and m.province_code = d.province_code and m.batch_id = d.batch_id and m.code = d.major_code
        and m.category_code in (coalesce(d.category_code, ''), '') and m.plan_nature_code in (coalesce(d.plan_nature_code, ''), '')
        order by m.plan_nature_code desc, m.category_code desc limit 1) as "majorTuitionFen",
      d.preference_rank as "preferenceRank", d.score, d.filing_score as "filingScore", d.art_school_exam as "artSchoolExam",
      array(select s.code from candidate_signal s where s.tenant_id = d.tenant_id and s.candidate_id = d.id order by 1) as signals,
      coalesce(w.pathway_interest, false) as "pathwayInterest", w.major_wish as "majorWish", u.name as "ownerName",
      k.note as "callbackNote",
      coalesce((select jsonb_agg(jsonb_build_object('year', l.year, 'category', l.category, 'scoreMin', l.score_min, 'rankMin', l.rank_min)
          order by l.year desc)
        from past_line l where l.tenant_id = d.tenant_id and l.season_id = d.season_id and l.province_code = d.province_code
          and l.batch_id = d.batch_id and (d.category is null or l.category = d.category)), '[]') as "pastLines"
    from follow_up_case c
    join candidate d on d.tenant_id = c.tenant_id and d.id = c.candidate_id
    join batch b on b.tenant_id = d.tenant_id and b.id = d.batch_id
    left join candidate_wish w on w.tenant_id = d.tenant_id and w.candidate_id = d.id
    left join user_account u on u.tenant_id = c.tenant_id and u.id = c.owner_id
    left join callback k on k.tenant_id = c.tenant_id and k.id = c.callback_id
    where c.tenant_id = ${ctx.tenantId} and c.id = ${caseId}`.execute(ctx.tx);
  if (!rows[0]) throw new Error(`case ${caseId} has no candidate`);
  return rows[0];
}

export interface Today {
  readonly attempts: number;
  readonly dials: number;
  readonly contacts: number;
  readonly confirmed: number;
  readonly talkSeconds: number;
  readonly skips: number;
  readonly open: number;
  readonly due: number;
  /** Over my candidates of the season: each has one case a phase, so the phase with most cases counts them. Null: none yet. */
  readonly average: { candidates: number; contacts: number; talkSeconds: number } | null;
}

/** The strip of one caller since midnight in China, from the counters: what it costs does not grow with the season. */
export async function readToday(ctx: Ctx, userId: string, seasonId: string): Promise<Today> {
  const day = shanghaiDay(ctx.now);
  const midnight = new Date(startOfDay(day));
  const { rows } = await sql<Today>`${prepared}
    select k.attempts, k.dials, k.contacts, k.confirmed, k."talkSeconds", s.skips, c.open, d.due,
      case when c.owned > 0 then jsonb_build_object('candidates', c.owned, 'contacts', k.contacts_ever, 'talkSeconds', k.talk_ever)
        end as average
    from (
      select coalesce(sum(attempts) filter (where today), 0)::int as attempts, coalesce(sum(dials) filter (where today), 0)::int as dials,
        coalesce(sum(contacts) filter (where today), 0)::int as contacts,
        coalesce(sum(confirmed) filter (where today), 0)::int as confirmed,
        coalesce(sum(talk_seconds) filter (where today), 0)::int as "talkSeconds",
        coalesce(sum(contacts) filter (where ever), 0) as contacts_ever, coalesce(sum(talk_seconds) filter (where ever), 0) as talk_ever
      from (${contactsOfCaller(ctx, { userId, seasonId, day })}) t
    ) k, (
      select count(*)::int as skips from case_skip
      where tenant_id = ${ctx.tenantId} and caller_id = ${userId} and at >= ${midnight}
    ) s, (
      select coalesce(sum(open), 0)::int as open, coalesce(max(owned), 0)::int as owned from (
        select sum(cases) filter (where state <> 'final') as open, sum(cases) as owned
        from (${casesOfOwner(ctx, userId, seasonId)}) t group by phase
      ) by_phase
    ) c, (
      select count(*)::int as due from follow_up_case
      where tenant_id = ${ctx.tenantId} and owner_id = ${userId} and state in ('ready', 'scheduled') and due_at <= ${new Date(ctx.now)}
        and season_id = ${seasonId}
    ) d`.execute(ctx.tx);
  if (!rows[0]) throw new Error('an aggregate has no row');
  return rows[0];
}

export interface DueCallback {
  readonly callbackId: string;
  readonly caseId: string;
  readonly candidateName: string;
  readonly dueAt: Instant;
  readonly note: string | null;
  readonly mine: boolean;
}

const CALLBACKS_MAX = 20;

/** Promised call-backs of the caller, or open to them, that are due before `until`; the earliest first. */
export async function readCallbacks(
  ctx: Ctx,
  who: { userId: string; groupId: string | null; seasonId: string },
  until: Instant,
): Promise<DueCallback[]> {
  const { rows } = await sql<DueCallback>`${prepared}
    with waiting as (
      select c.callback_id as id from follow_up_case c
      where c.tenant_id = ${ctx.tenantId} and c.season_id = ${who.seasonId} and c.owner_id = ${who.userId}
        and c.state in ('scheduled', 'escalated') and c.callback_id is not null
      union
      select b.id from callback b
      where b.tenant_id = ${ctx.tenantId} and b.created_by = ${who.userId} and b.state = 'open' and b.due_at <= ${new Date(until)}
      union
      select c.callback_id from follow_up_case c
      where c.tenant_id = ${ctx.tenantId} and c.group_id = ${who.groupId} and c.state = 'scheduled' and c.priority <= ${PRIORITY.promised}
        and c.group_due_at <= ${new Date(ctx.now)}
    )
    select b.id as "callbackId", c.id as "caseId", d.name as "candidateName", b.due_at as "dueAt", b.note,
      (c.owner_id is not distinct from ${who.userId} or b.created_by = ${who.userId}) as mine
    from waiting w
    join callback b on b.tenant_id = ${ctx.tenantId} and b.id = w.id
    join follow_up_case c on c.tenant_id = b.tenant_id and c.id = b.case_id and c.callback_id = b.id
    join candidate d on d.tenant_id = c.tenant_id and d.id = c.candidate_id
    where b.state = 'open' and b.due_at <= ${new Date(until)} 
      and (c.state = 'scheduled' or (c.state = 'escalated' and coalesce(c.in_charge_id, c.owner_id) = ${who.userId}))
    order by b.due_at limit ${CALLBACKS_MAX}`.execute(ctx.tx);
  return rows;
}

export interface LastFinish {
  readonly attemptId: string;
  readonly outcome: string;
  readonly candidateName: string;
  readonly consequence: string;
  readonly endedAt: Instant;
}

/** The caller's last finish after `since` that has not been undone. */
export async function readLastFinish(ctx: Ctx, userId: string, since: Instant): Promise<LastFinish | null> {
  const { rows } = await sql<LastFinish>`${prepared}
    select l.undo->>'attemptId' as "attemptId", l.undo->>'outcome' as outcome, d.name as "candidateName",
      l.undo->>'consequence' as consequence, l.ended_at as "endedAt"
    from lease l join candidate d on d.tenant_id = l.tenant_id and d.id = l.candidate_id
    where l.tenant_id = ${ctx.tenantId} and l.caller_id = ${userId} and l.ended_at > ${new Date(since)}
      and l.end_reason = 'finished' and l.undo is not null
      and not exists (select from attempt_correction k
        where k.tenant_id = l.tenant_id and k.attempt_id = (l.undo->>'attemptId')::uuid)
    order by l.ended_at desc limit 1`.execute(ctx.tx);
  return rows[0] ?? null;
}
