import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { inNameOrder } from '#platform/pinyin';
import type { CaseImage } from './case.store.ts';
import type { Decision } from './decision.rules.ts';
import type { CaseFile } from './file.ts';
import { OUTCOMES, type Outcome, ruleOf } from './outcome.rules.ts';

/** Who else should call: 态度冷淡 somebody trained for it, 方言 somebody who speaks it. Reads the skills of the college. */

/** Skills of a kind that other callers who may call have, by their code. */
async function skillsOfOthers(
  ctx: Ctx,
  kind: 'conversation' | 'dialect',
  notUserId: string,
): Promise<{ code: string; name: string }[]> {
  const { rows } = await sql<{ code: string; name: string }>`
    select distinct s.code, s.name from skill s
    join user_skill k on k.tenant_id = s.tenant_id and k.skill_code = s.code and k.user_id <> ${notUserId}
    join staff_profile p on p.tenant_id = k.tenant_id and p.user_id = k.user_id and p.qualified_at is not null and p.removed_at is null
    join user_account u on u.tenant_id = p.tenant_id and u.id = p.user_id and u.disabled_at is null
    where s.tenant_id = ${ctx.tenantId} and s.kind = ${kind} and s.voided_at is null
    order by s.code`.execute(ctx.tx);
  return rows;
}

/** Null: the college has nobody trained, and any other caller will do. */
const trainedSkill = async (ctx: Ctx, notUserId: string): Promise<string | null> =>
  (await skillsOfOthers(ctx, 'conversation', notUserId))[0]?.code ?? null;

/** What a caller may ask for after 方言 / 沟通障碍, in the order of names. */
export const readDialects = async (ctx: Ctx, notUserId: string): Promise<{ code: string; name: string }[]> =>
  inNameOrder(await skillsOfOthers(ctx, 'dialect', notUserId), ({ name }) => name);

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
 * Who is wanted for the next try. A9: whoever speaks the dialect the caller names, as long as the case lives. R4: somebody trained, where
 * nothing else is asked for, and no more after that try; a fault of the line is no try.
 */
export async function skillAfter(
  ctx: Ctx,
  { case: row, ledger }: Pick<CaseFile, 'case' | 'ledger'>,
  { outcome, state }: Decision,
  { callerId, dialect }: { readonly callerId: string; readonly dialect: string | null },
): Promise<CaseImage> {
  if (outcome === 'A9' && dialect !== null) {
    const spoken = await skillsOfOthers(ctx, 'dialect', callerId);
    return spoken.some(({ code }) => code === dialect) ? { required_skill: dialect } : {};
  }
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
  const wanted = await skillAfter(ctx, earlier, given.decision, { callerId: given.callerId, dialect: null });
  return asked ? { required_skill: null, ...wanted } : wanted;
}
