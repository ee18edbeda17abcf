import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { scopeOf } from '#staff';
import { type CaseRow, readCase } from './case.store.ts';
import { readContacts } from './ledger.store.ts';
import type { ContactData } from './work.contract.ts';
import { contactView } from './work.ts';

/** What others see of a candidate's follow-up: cases, contacts, journal. Within the reader's scope. */

const PAGE = 50;

export interface CaseLine {
  readonly caseId: string;
  readonly phase: string;
  readonly round: string;
  readonly state: CaseRow['state'];
  readonly disposition: CaseRow['disposition'];
  readonly result: string | null;
  readonly ownerName: string | null;
  readonly groupName: string | null;
  readonly dueAt: number | null;
  readonly attempts: number;
  readonly contacts: number;
  readonly talkSeconds: number;
}

/** Scope of the actor as a condition on follow_up_case c: everything, the own groups and own work, or own work. */
async function inScope(ctx: Ctx) {
  const scope = await scopeOf(ctx);
  if (scope.kind === 'all') return sql`true`;
  const mine = sql`c.owner_id = ${scope.userId} or exists (select from lease l where l.tenant_id = c.tenant_id
    and l.case_id = c.id and l.caller_id = ${scope.userId} and l.ended_at is null)`;
  return scope.kind === 'own'
    ? sql`(${mine})`
    : sql`(${mine} or c.group_id = any(${[...scope.groupIds]}::uuid[]))`;
}

/** Cases and contacts of a candidate; `not_found` as well when nothing of it is in the reader's scope. */
export async function candidateContacts(
  ctx: Ctx,
  candidateId: string,
  before: string | undefined,
): Promise<Result<{ cases: CaseLine[]; items: ContactData[]; next: string | null }, Refusal<'not_found'>>> {
  const { rows: cases } = await sql<CaseLine>`
    select c.id as "caseId", c.phase, c.round, c.state, c.disposition, c.result, u.name as "ownerName", g.name as "groupName",
      c.due_at as "dueAt", c.attempts, c.contacts, c.talk_seconds as "talkSeconds"
    from follow_up_case c
    left join user_account u on u.tenant_id = c.tenant_id and u.id = c.owner_id
    left join staff_group g on g.tenant_id = c.tenant_id and g.id = c.group_id
    where c.tenant_id = ${ctx.tenantId} and c.candidate_id = ${candidateId} and ${await inScope(ctx)}
    order by c.created_at`.execute(ctx.tx);
  if (cases.length === 0) return refuse('not_found', '没有找到这名考生的回访记录，或不在您的范围内。');
  const from = before === undefined ? null : Number(before);
  const entries = await readContacts(ctx, candidateId, { before: from, size: PAGE });
  const last = entries.at(-1);
  const next = entries.length === PAGE && last ? String(last.startedAt) : null;
  return ok({ cases, items: entries.map((entry) => contactView(ctx, entry)), next });
}

export interface EventLine {
  readonly seq: number;
  readonly kind: string;
  readonly at: number;
  readonly actorName: string | null;
  readonly note: string | null;
  readonly state: string | null;
  readonly dueAt: number | null;
}

const EVENTS_MAX = 500;

/** The journal of a case, newest first. */
export async function caseEvents(
  ctx: Ctx,
  caseId: string,
): Promise<Result<{ items: EventLine[] }, Refusal<'not_found'>>> {
  const { rows: seen } = await sql`select from follow_up_case c
    where c.tenant_id = ${ctx.tenantId} and c.id = ${caseId} and ${await inScope(ctx)}`.execute(ctx.tx);
  if (seen.length === 0 || !(await readCase(ctx, caseId)))
    return refuse('not_found', '没有找到这个回访任务。');
  const { rows } = await sql<EventLine>`
    select e.seq, e.kind, e.at, u.name as "actorName", e.note, e.after->>'state' as state,
      (extract(epoch from (e.after->>'due_at')::timestamptz) * 1000)::float8 as "dueAt"
    from case_event e left join user_account u on u.tenant_id = e.tenant_id and u.id = e.actor_id
    where e.tenant_id = ${ctx.tenantId} and e.case_id = ${caseId} order by e.seq desc limit ${EVENTS_MAX}`.execute(
    ctx.tx,
  );
  return ok({ items: rows });
}
