import { sql } from 'kysely';
import { barPhone, type CandidateId, findOrMakePhone, freePhone, mayOpen, type PhoneId } from '#candidate';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { type Instant, newId } from '#platform/ids';
import { maskText } from '#platform/personal-text';
import { ok, type Result } from '#platform/result';
import { shanghaiDay, startOfDay } from '#platform/shanghai';

/**
 * A single number that nobody dials any more, barred by hand: somebody who is no candidate asked for it, or it is the wrong
 * household (law.md R34). It holds for every candidate with that number, those delivered later too.
 */

/** As somebody said it, or one of a file that the actor may open. */
export type Target = { readonly number: string } | { readonly candidateId: string; readonly phoneId: string };

export interface Bar {
  readonly target: Target;
  readonly reason: string;
  /** The last day on which nobody dials it, YYYY-MM-DD; null: for good. */
  readonly lastDay: string | null;
}

type BarRefusal = 'not_found' | 'number_bad' | 'several_numbers' | 'day_past' | 'day_far' | 'already_barred';
const DAYS_MAX = 366;
const DAY_MS = 86_400_000;

/** Bars a number at once for every case, whoever holds it: at the next dial it is refused. Returns how many open files have it. */
export async function barNumber(
  ctx: Ctx,
  { target, reason, lastDay }: Bar,
): Promise<Result<{ id: string; masked: string; candidates: number }, Refusal<BarRefusal>>> {
  const endsAt = lastDay === null ? null : startOfDay(lastDay) + DAY_MS;
  const barred = dayRefused(endsAt, ctx.now);
  if (barred) return barred;
  const phone = await phoneOf(ctx, target);
  if (!phone.ok) return phone;
  const { phoneId, masked } = phone.value;
  const id = newId<string>();
  const { rows } = await sql`
    insert into do_not_call (tenant_id, id, scope, phone_id, reason, set_by, set_at, ends_at)
    values (${ctx.tenantId}, ${id}, 'number', ${phoneId}, ${maskText(reason)}, ${ctx.actor.userId}, ${new Date(ctx.now)},
      ${endsAt === null ? null : new Date(endsAt)})
    on conflict (tenant_id, phone_id) where lifted_at is null and scope = 'number' do nothing returning id`.execute(
    ctx.tx,
  );
  if (rows.length === 0)
    return refuse('already_barred', `号码 ${masked} 已经登记了勿拨，在名单里可以看到是谁、为什么登记的。`);
  await barPhone(ctx, phoneId, endsAt);
  await audit(ctx, {
    action: 'do_not_call.number_barred',
    subjectType: 'do_not_call',
    subjectId: id,
    reason,
    after: { phone: masked, lastDay },
  });
  return ok({ id, masked, candidates: await filesWith(ctx, phoneId) });
}

function dayRefused(endsAt: Instant | null, now: Instant) {
  if (endsAt === null) return null;
  const today = shanghaiDay(now);
  if (endsAt <= now) return refuse('day_past', `停到的日期已经过去，今天是 ${today}；请改日期，或选“长期”。`);
  if (endsAt > startOfDay(today) + DAYS_MAX * DAY_MS)
    return refuse('day_far', `最长可停 ${DAYS_MAX} 天；更久请选“长期”。`);
  return null;
}

async function phoneOf(
  ctx: Ctx,
  target: Target,
): Promise<
  Result<{ phoneId: PhoneId; masked: string }, Refusal<'not_found' | 'number_bad' | 'several_numbers'>>
> {
  if ('number' in target) return findOrMakePhone(ctx, target.number);
  const { rows } = (await mayOpen(ctx, target.candidateId as CandidateId))
    ? await sql<{ phoneId: PhoneId; masked: string }>`
        select p.id as "phoneId", p.masked from candidate_phone cp
        join phone p on p.tenant_id = cp.tenant_id and p.id = cp.phone_id
        where cp.tenant_id = ${ctx.tenantId} and cp.candidate_id = ${target.candidateId} and cp.phone_id = ${target.phoneId}
          and cp.detached_at is null`.execute(ctx.tx)
    : { rows: [] };
  return rows[0] ? ok(rows[0]) : refuse('not_found', '没有找到这个号码，或考生不在您的负责范围内。');
}

async function filesWith(ctx: Ctx, phoneId: PhoneId): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(distinct c.candidate_id)::int as n from candidate_phone cp
    join follow_up_case c on c.tenant_id = cp.tenant_id and c.candidate_id = cp.candidate_id and c.state <> 'final'
    where cp.tenant_id = ${ctx.tenantId} and cp.phone_id = ${phoneId} and cp.detached_at is null`.execute(
    ctx.tx,
  );
  return rows[0]?.n ?? 0;
}

const ENDED_MAX = 200;

/** Numbers whose last day is over can be dialled again. Says how many; the rest comes with the next round. */
export async function endBars(ctx: Ctx): Promise<number> {
  const { rows } = await sql<{ id: string; phoneId: PhoneId }>`
    update do_not_call n set lifted_at = ${new Date(ctx.now)}, lift_reason = '到期'
    where n.tenant_id = ${ctx.tenantId} and n.id in (
      select id from do_not_call where tenant_id = ${ctx.tenantId} and lifted_at is null and ends_at <= ${new Date(ctx.now)}
      order by ends_at limit ${ENDED_MAX} for update skip locked)
    returning n.id, n.phone_id as "phoneId"`.execute(ctx.tx);
  for (const { id, phoneId } of rows) {
    await freePhone(ctx, phoneId);
    await audit(ctx, { action: 'do_not_call.ended', subjectType: 'do_not_call', subjectId: id });
  }
  return rows.length;
}
