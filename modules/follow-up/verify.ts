import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { OUTCOMES, type Outcome, type OutcomeRule, ruleOf } from './outcome.rules.ts';
import { FAULTS_MAX, type FaultCode } from './proof.rules.ts';

/** The proof obligations of docs/architecture.md ("The follow-up case"), read from the tables: conservation, no double call, no silent end, replay. */

export interface Fault {
  readonly what: FaultCode;
  readonly subjectId: string;
}

export interface FollowUpCheck {
  /** Cases by state; their sum is `cases`. */
  readonly cases: number;
  readonly byState: Readonly<Record<string, number>>;
  readonly events: number;
  readonly attempts: number;
  /** At most a hundred of each kind. */
  readonly faults: readonly Fault[];
}

const NIL = sql`'00000000-0000-0000-0000-000000000000'::uuid`;

/** Checks everything of the tenant; no faults means that all obligations hold. Reads only; runs as long as the journal is. */
export async function verifyFollowUp(ctx: Ctx): Promise<FollowUpCheck> {
  const faults: Fault[] = [];
  for (const [what, query] of Object.entries(obligations(ctx))) {
    const { rows } = await sql<{ id: string }>`select id::text from (${query}) f limit ${FAULTS_MAX}`.execute(
      ctx.tx,
    );
    faults.push(...rows.map(({ id }) => ({ what: what as FaultCode, subjectId: id })));
  }
  return { ...(await figures(ctx)), faults };
}

async function figures({ tx, tenantId }: Ctx): Promise<Omit<FollowUpCheck, 'faults'>> {
  const { rows } = await sql<{ state: string; cases: number }>`
    select state, count(*)::int as cases from follow_up_case where tenant_id = ${tenantId} group by state`.execute(
    tx,
  );
  const { rows: counts } = await sql<{ events: number; attempts: number }>`
    select (select count(*)::int from case_event where tenant_id = ${tenantId}) as events,
      (select count(*)::int from attempt where tenant_id = ${tenantId}) as attempts`.execute(tx);
  return {
    cases: rows.reduce((sum, { cases }) => sum + cases, 0),
    byState: Object.fromEntries(rows.map(({ state, cases }) => [state, cases])),
    events: counts[0]?.events ?? 0,
    attempts: counts[0]?.attempts ?? 0,
  };
}

const MEASURES = [
  'attempts',
  'dials',
  'contacts',
  'refusals',
  'unreached',
  'unknown_eligibility',
  'not_eligible',
  'confirmed',
  'considering',
  'withdrawing',
  'talk_seconds',
  'discarded',
];
const columns = sql.join(MEASURES.map((name) => sql.ref(name)));
const codesOf = (is: (rule: OutcomeRule) => boolean) =>
  sql`${(Object.keys(OUTCOMES) as Outcome[]).filter((code) => is(ruleOf(code)))}::text[]`;

/** Every attempt with its last amendment, counted as `tallyOf` counts it, with the sign turned (`standing`); and the deltas beside them. */
const effective = (tenantId: string) => sql`
  corrected as (
    select distinct on (attempt_id) attempt_id, kind, after from attempt_correction
    where tenant_id = ${tenantId} order by attempt_id, corrected_at desc, id desc
  ), effective as (
    select a.season_id, a.caller_id, a.channel = 'phone' and a.direction = 'out' as dialled, k.kind is not distinct from 'undone' as undone,
      coalesce(k.after->>'outcome', a.outcome) as outcome, coalesce((k.after->>'contact')::boolean, a.counts_as_contact) as contact,
      coalesce((k.after->>'talkSeconds')::int, a.talk_seconds) as talk_seconds
    from attempt a left join corrected k on k.attempt_id = a.id where a.tenant_id = ${tenantId}
  ), judged as (
    select *, not undone and outcome <> all(${codesOf(({ attempt }) => !attempt)}) as tried,
      outcome = any(${codesOf((rule) => rule.class === 'NE')}) as not_eligible
    from effective
  ), standing as (
    select season_id, caller_id, -count(*) filter (where tried) as attempts, -count(*) filter (where tried and dialled) as dials,
      -count(*) filter (where not undone and contact) as contacts,
      -count(*) filter (where not undone and outcome = any(${codesOf(({ refusal }) => refusal)})) as refusals,
      -count(*) filter (where tried and not contact and not not_eligible) as unreached,
      -count(*) filter (where not undone and outcome = any(${codesOf((rule) => rule.class === 'UH')})) as unknown_eligibility,
      -count(*) filter (where not undone and not_eligible) as not_eligible, -count(*) filter (where not undone and outcome = 'R1') as confirmed,
      -count(*) filter (where not undone and outcome = any(${codesOf((rule) => rule.disposition === 'considering')})) as considering,
      -count(*) filter (where not undone and outcome = 'R2') as withdrawing,
      -coalesce(sum(talk_seconds) filter (where not undone), 0) as talk_seconds, -count(*) filter (where not tried) as discarded
    from judged group by season_id, caller_id
    union all
    select season_id, caller_id, ${columns} from contact_tally_delta where tenant_id = ${tenantId}
  )`;

/** Each obligation as a query for the ids that break it. */
const obligations = ({ tenantId }: Ctx) =>
  ({
    chain: sql`
      select e.case_id as id from (
        select e as event, e.case_id, e.seq, e.hash, lag(e.hash) over w as before, lag(e.seq) over w as seq_before
        from case_event e where e.tenant_id = ${tenantId} window w as (partition by e.case_id order by e.seq)
      ) e
      where e.hash <> sha256(coalesce(e.before, ''::bytea) || convert_to(case_event_text(e.event), 'UTF8'))
        or e.seq <> coalesce(e.seq_before, 0) + 1`,
    replay: sql`
      with replayed as (
        select e.case_id, count(*) as version, (array_agg(e.at order by e.seq))[1] as created_at,
          (array_agg(e.at order by e.seq))[count(*)] as updated_at, (array_agg(e.hash order by e.seq))[count(*)] as hash,
          jsonb_merge(e.after order by e.seq) as image
        from case_event e where e.tenant_id = ${tenantId} group by e.case_id
      )
      select c.id from follow_up_case c left join replayed r on r.case_id = c.id
      where c.tenant_id = ${tenantId} and c::text is distinct from jsonb_populate_record(null::follow_up_case, r.image || jsonb_build_object(
        'tenant_id', ${tenantId}::text, 'id', c.id, 'version', r.version, 'event_hash', r.hash, 'created_at', r.created_at, 'updated_at', r.updated_at))::text`,
    tally: sql`
      with standing as (
        select season_id, policy_id, phase, round, coalesce(owner_id, ${NIL}) as owner_id, coalesce(group_id, ${NIL}) as group_id, state,
          disposition, coalesce(result, '') as result, -1 as cases
        from follow_up_case where tenant_id = ${tenantId}
        union all
        select season_id, policy_id, phase, round, owner_id, group_id, state, disposition, result, cases
        from case_tally_delta where tenant_id = ${tenantId}
      )
      select md5(t::text) as id from (
        select 'owner', season_id, phase, owner_id, group_id, state, disposition, result, sum(cases) from (
          select season_id, phase, owner_id, group_id, state, disposition, result, cases from case_tally
          where tenant_id = ${tenantId} and grain = 'owner'
          union all select season_id, phase, owner_id, group_id, state, disposition, result, cases from standing
        ) by_owner group by 2, 3, 4, 5, 6, 7, 8 having sum(cases) <> 0
      ) t
      union all
      select md5(t::text) as id from (
        select 'policy', season_id, policy_id, phase, round, state, disposition, result, sum(cases) from (
          select season_id, policy_id, phase, round, state, disposition, result, cases from case_tally
          where tenant_id = ${tenantId} and grain = 'policy'
          union all select season_id, policy_id, phase, round, state, disposition, result, cases from standing
        ) by_policy group by 2, 3, 4, 5, 6, 7, 8 having sum(cases) <> 0
      ) t`,
    contacts: sql`
      with ${effective(tenantId)}, summed as (
        select grain, season_id, caller_id, ${columns} from contact_tally where tenant_id = ${tenantId} and grain in ('caller', 'policy')
        union all select 'caller', season_id, caller_id, ${columns} from standing
        union all select 'policy', season_id, ${NIL}, ${columns} from standing
      )
      select md5(t::text) as id from (
        select grain, season_id, caller_id from summed group by grain, season_id, caller_id
        having ${sql.join(
          MEASURES.map((name) => sql`sum(${sql.ref(name)}) <> 0`),
          sql` or `,
        )}
      ) t`,
    files: sql`
      select i.season_id as id from (
        select season_id, sum((counts->>'created')::bigint) as created from delivery_import
        where tenant_id = ${tenantId} and state = 'applied' group by season_id
      ) i where i.created > (select count(*) from candidate c where c.tenant_id = ${tenantId} and c.season_id = i.season_id)`,
    journal_count: sql`
      select c.id from follow_up_case c left join (
        select e.case_id, count(*) as events from case_event e where e.tenant_id = ${tenantId} group by e.case_id
      ) e on e.case_id = c.id where c.tenant_id = ${tenantId} and c.version is distinct from e.events
      union all
      select e.case_id from case_event e where e.tenant_id = ${tenantId} and e.seq = 1
        and not exists (select from follow_up_case c where c.tenant_id = ${tenantId} and c.id = e.case_id)`,
    double_lease: sql`
      select phone_id as id from lease_phone where tenant_id = ${tenantId} and ended_at is null group by phone_id having count(*) > 1
      union all select case_id from lease where tenant_id = ${tenantId} and ended_at is null group by case_id having count(*) > 1
      union all select caller_id from lease where tenant_id = ${tenantId} and ended_at is null group by caller_id having count(*) > 1`,
    overlap: sql`
      select id from (
        select l.id, l.opened_at, lag(coalesce(l.ended_at, 'infinity')) over (partition by p.phone_id order by l.opened_at, l.ended_at) as before
        from lease_phone p join lease l on l.tenant_id = p.tenant_id and l.id = p.lease_id where p.tenant_id = ${tenantId}
        union all
        select l.id, l.opened_at, lag(coalesce(l.ended_at, 'infinity')) over (partition by l.case_id order by l.opened_at, l.ended_at)
        from lease l where l.tenant_id = ${tenantId}
        union all
        select l.id, l.opened_at, lag(coalesce(l.ended_at, 'infinity')) over (partition by l.caller_id order by l.opened_at, l.ended_at)
        from lease l where l.tenant_id = ${tenantId}
      ) h where h.before > h.opened_at`,
    attempt_without_lease: sql`
      select a.id from attempt a left join lease l on l.tenant_id = a.tenant_id and l.id = a.lease_id
      where a.tenant_id = ${tenantId}
        and (l.id is null or l.case_id <> a.case_id or l.caller_id <> a.caller_id)`,
    lease_case: sql`
      select l.id from lease l join follow_up_case c on c.tenant_id = l.tenant_id and c.id = l.case_id
      where l.tenant_id = ${tenantId} and l.ended_at is null and (c.state <> 'leased' or c.lease_id <> l.id)
      union all
      select c.id from follow_up_case c left join lease l on l.tenant_id = c.tenant_id and l.id = c.lease_id
      where c.tenant_id = ${tenantId} and c.state = 'leased' and (l.id is null or l.ended_at is not null)`,
    silent_end: sql`
      select c.id from follow_up_case c where c.tenant_id = ${tenantId} and c.state = 'final' and not exists (
        select from case_event e where e.tenant_id = ${tenantId} and e.case_id = c.id and e.after->>'state' = 'final' and e.cause_id is not null
          and (exists (select from attempt a where a.tenant_id = ${tenantId} and a.id = e.cause_id)
            or exists (select from withdrawal w where w.tenant_id = ${tenantId} and w.id = e.cause_id)
            or exists (select from final_decision d where d.tenant_id = ${tenantId} and d.id = e.cause_id)))`,
    missed_without_successor: sql`
      select b.id from callback b where b.tenant_id = ${tenantId} and b.state = 'missed' and (b.successor_id is null
        or not exists (select from callback s where s.tenant_id = b.tenant_id and s.id = b.successor_id))`,
    no_next_step: sql`
      select c.id from follow_up_case c where c.tenant_id = ${tenantId} and (
        (c.state = 'scheduled' and not exists (select from callback b
          where b.tenant_id = ${tenantId} and b.id = c.callback_id and b.case_id = c.id and b.state = 'open'))
        or (c.state = 'escalated' and not exists (select from escalation e
          where e.tenant_id = ${tenantId} and e.id = c.escalation_id and e.case_id = c.id and e.ended_at is null)))`,
  }) satisfies Record<FaultCode, unknown>;
