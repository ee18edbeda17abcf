import { sql } from 'kysely';
import { freePhone, type PhoneId } from '#candidate';
import { maskName } from '#candidate/rules';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId } from '#platform/ids';
import { maskText } from '#platform/personal-text';
import { ok, type Result } from '#platform/result';
import { scopeOf } from '#staff';
import type { CaseRow } from './case.store.ts';
import { reopenCase } from './lifecycle.service.ts';
import { ruleOf } from './outcome.rules.ts';
import { filesOfPerson } from './person.ts';

/** 勿再来电 of persons and numbers: only a supervisor lifts it, with a reason. */

export interface Barred {
  readonly id: string;
  readonly scope: 'person' | 'number';
  /** Masked. */
  readonly who: string;
  /** Candidates with this number; null for a person. */
  readonly candidates: number | null;
  readonly reason: string;
  readonly setByName: string;
  readonly setAt: number;
  readonly endsAt: number | null;
  readonly liftedAt: number | null;
  /** Null where it ended by itself. */
  readonly liftedByName: string | null;
  readonly liftReason: string | null;
}

/** 勿再来电 of a person, as told in a call. Returns the id of the entry, for undo. */
export async function barPerson(ctx: Ctx, row: CaseRow, by: string): Promise<string> {
  const id = newId<string>();
  await sql`insert into do_not_call (tenant_id, id, scope, candidate_id, reason, set_by, set_at)
    values (${ctx.tenantId}, ${id}, 'person', ${row.candidate_id}, ${ruleOf('R5').label}, ${by}, ${new Date(ctx.now)})
    on conflict (tenant_id, candidate_id) where lifted_at is null and scope = 'person' do nothing`.execute(
    ctx.tx,
  );
  return id;
}

const LIST_MAX = 200;

/** Newest first: those that stand, or those that are lifted. A leader sees the own entries and those that concern the led groups. */
export async function listDoNotCall(
  ctx: Ctx,
  view: 'standing' | 'lifted' = 'standing',
): Promise<Result<{ items: Barred[] }, never>> {
  const { rows } = await sql<Barred & { name: string | null; masked: string | null }>`
    select n.id, n.scope, d.name, p.masked, n.reason, u.name as "setByName", n.set_at as "setAt", n.ends_at as "endsAt",
      n.lifted_at as "liftedAt", l.name as "liftedByName", n.lift_reason as "liftReason",
      case when n.scope = 'number' then (select count(*)::int from candidate_phone cp
        where cp.tenant_id = n.tenant_id and cp.phone_id = n.phone_id and cp.detached_at is null) end as candidates
    from do_not_call n
    join user_account u on u.tenant_id = n.tenant_id and u.id = n.set_by
    left join user_account l on l.tenant_id = n.tenant_id and l.id = n.lifted_by
    left join candidate d on d.tenant_id = n.tenant_id and d.id = n.candidate_id
    left join phone p on p.tenant_id = n.tenant_id and p.id = n.phone_id
    where n.tenant_id = ${ctx.tenantId} and (n.lifted_at is null) = ${view === 'standing'} and ${await concerns(ctx)}
    order by coalesce(n.lifted_at, n.set_at) desc, n.id limit ${LIST_MAX}`.execute(ctx.tx);
  return ok({
    items: rows.map(({ name, masked, ...row }) => ({
      ...row,
      who: name === null ? (masked ?? '') : maskName(name),
    })),
  });
}

async function concerns(ctx: Ctx) {
  const scope = await scopeOf(ctx);
  if (scope.kind === 'all') return sql`true`;
  return sql`(n.set_by = ${scope.userId} or exists (select from follow_up_case c
    where c.tenant_id = n.tenant_id and (c.owner_id = ${scope.userId} or c.group_id = any(${[...scope.groupIds]}::uuid[]))
      and (c.candidate_id = n.candidate_id or exists (select from candidate_phone cp
        where cp.tenant_id = n.tenant_id and cp.phone_id = n.phone_id and cp.candidate_id = c.candidate_id and cp.detached_at is null))))`;
}

/** Lifts an entry, and those of the same person in other files; the person's stopped cases are open again for their owner. */
export async function liftDoNotCall(
  ctx: Ctx,
  id: string,
  reason: string,
): Promise<Result<undefined, Refusal<'not_found'>>> {
  const { rows } = await sql<{ candidate: string | null; phone: PhoneId | null }>`
    update do_not_call set lifted_at = ${new Date(ctx.now)}, lifted_by = ${ctx.actor.userId}, lift_reason = ${maskText(reason)}
    where tenant_id = ${ctx.tenantId} and id = ${id} and lifted_at is null returning candidate_id as candidate, phone_id as phone`.execute(
    ctx.tx,
  );
  if (!rows[0]) return refuse('not_found', '没有找到这条勿再来电记录，可能已经解除。');
  const { candidate, phone } = rows[0];
  if (phone !== null) await freePhone(ctx, phone);
  if (candidate !== null) await liftForPerson(ctx, candidate, reason);
  await audit(ctx, { action: 'do_not_call.lifted', subjectType: 'do_not_call', subjectId: id, reason });
  return ok(undefined);
}

type ReopenRefusal = 'not_found' | 'case_open' | 'case_closed' | 'do_not_call';

/** Reopening by hand: a person who asked not to be called stays so until 督查 lifts it with a reason. */
export async function reopenByHand(
  ctx: Ctx,
  given: { readonly caseId: string; readonly reason: string },
): Promise<Result<undefined, Refusal<ReopenRefusal>>> {
  const { rows: barred } = await sql`
    select from follow_up_case c join do_not_call n on n.tenant_id = c.tenant_id and n.lifted_at is null
    join candidate d on d.tenant_id = c.tenant_id and d.id = c.candidate_id
    join candidate o on o.tenant_id = n.tenant_id and o.id = n.candidate_id and (o.id = d.id or o.id_blind = d.id_blind)
    where c.tenant_id = ${ctx.tenantId} and c.id = ${given.caseId} limit 1`.execute(ctx.tx);
  if (barred.length > 0)
    return refuse('do_not_call', '本人要求勿再来电，不能直接重新开放；请先由督查组在“勿再来电”里解除。');
  const done = await reopenCase(ctx, given);
  return done.ok ? ok(undefined) : done;
}

async function liftForPerson(ctx: Ctx, candidateId: string, reason: string): Promise<void> {
  const files = filesOfPerson(ctx, candidateId);
  await sql`update do_not_call set lifted_at = ${new Date(ctx.now)}, lifted_by = ${ctx.actor.userId}, lift_reason = ${maskText(reason)}
    where tenant_id = ${ctx.tenantId} and candidate_id = any(${files}) and lifted_at is null`.execute(ctx.tx);
  const { rows } = await sql<{ id: string }>`
    select id from follow_up_case where tenant_id = ${ctx.tenantId} and candidate_id = any(${files})
      and state = 'blocked' and blocked_reason = 'do_not_call'`.execute(ctx.tx);
  for (const { id: caseId } of rows) await reopenCase(ctx, { caseId, reason });
}
