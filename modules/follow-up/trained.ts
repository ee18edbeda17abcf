import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { CaseImage } from './case.store.ts';
import type { Decision } from './decision.rules.ts';
import type { CaseFile } from './file.ts';
import { OUTCOMES, type Outcome, ruleOf } from './outcome.rules.ts';

/** 态度冷淡: once more, by another caller who is trained for it. Reads the skills of the college. */

/** A skill of conversation that some other qualified caller has; null: the college has nobody trained, and any other caller will do. */
async function trainedSkill(ctx: Ctx, notUserId: string): Promise<string | null> {
  const { rows } = await sql<{ code: string }>`
    select s.code from skill s
    join user_skill k on k.tenant_id = s.tenant_id and k.skill_code = s.code and k.user_id <> ${notUserId}
    join staff_profile p on p.tenant_id = k.tenant_id and p.user_id = k.user_id and p.qualified_at is not null and p.removed_at is null
    join user_account u on u.tenant_id = p.tenant_id and u.id = p.user_id and u.disabled_at is null
    where s.tenant_id = ${ctx.tenantId} and s.kind = 'conversation' and s.voided_at is null
    order by s.code limit 1`.execute(ctx.tx);
  return rows[0]?.code ?? null;
}

const isTry = (outcome: string): boolean => outcome in OUTCOMES && ruleOf(outcome as Outcome).attempt;

/** A dialect that the case was released with is wanted as long as it lives. */
async function isConversation(ctx: Ctx, code: string | null): Promise<boolean> {
  const { rows } = await sql`
    select from skill where tenant_id = ${ctx.tenantId} and code = ${code} and kind = 'conversation'`.execute(
    ctx.tx,
  );
  return rows.length > 0;
}

/**
 * Who is wanted for the next try: set by R4 where nothing else is asked for, and asked for no more after that try. A fault of the line is
 * no try.
 */
export async function skillAfter(
  ctx: Ctx,
  { case: row, ledger }: Pick<CaseFile, 'case' | 'ledger'>,
  { outcome, state }: Decision,
  callerId: string,
): Promise<CaseImage> {
  if (outcome === 'R4' && state === 'ready' && row.required_skill === null)
    return { required_skill: await trainedSkill(ctx, callerId) };
  const lastTry = ledger.find((entry) => !entry.undone && isTry(entry.outcome));
  const isTried = lastTry?.outcome === 'R4' && outcome !== 'R4' && isTry(outcome);
  return isTried && (await isConversation(ctx, row.required_skill)) ? { required_skill: null } : {};
}

/** The same when a result is amended: what the first result had asked for is asked for no more, what the right one asks for is. */
export async function skillAmended(
  ctx: Ctx,
  { case: row, ledger }: Pick<CaseFile, 'case' | 'ledger'>,
  given: { before: string; decision: Decision; attemptId: string; callerId: string },
): Promise<CaseImage> {
  const asked = given.before === 'R4' && (await isConversation(ctx, row.required_skill));
  const earlier = {
    case: asked ? { ...row, required_skill: null } : row,
    ledger: ledger.filter(({ id }) => id !== given.attemptId),
  };
  const wanted = await skillAfter(ctx, earlier, given.decision, given.callerId);
  return asked ? { required_skill: null, ...wanted } : wanted;
}
