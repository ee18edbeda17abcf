import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import type { EscalationTier } from '#season/rules';
import type { CaseRow } from './case.store.ts';
import { TIER_LABELS } from './consequence.rules.ts';
import { evidenceGap, mayPassOn, NEXT_TIERS } from './escalation.rules.ts';
import { readOpenTier, readTried } from './escalation.store.ts';

/** Handing a case upwards by hand from the call screen: before it was dialled, or together with the result. */

export interface HandOver {
  readonly tier: EscalationTier;
  readonly summary: string;
}

type Barred<C extends string> = { ok: false; error: Refusal<C> };

/**
 * Why the case in hand may not go to this tier; null: it may. The escalation team takes what was tried: `tried` says that the call being
 * recorded is the first try.
 */
export async function checkHandOver(
  ctx: Ctx,
  row: CaseRow,
  { tier, tried }: { tier: EscalationTier; tried: boolean },
): Promise<Barred<'already_escalated' | 'no_evidence'> | null> {
  const barred = await checkTier(ctx, row, tier);
  if (barred || tier !== 'escalation_team' || tried) return barred;
  const gap = await gapOf(ctx, row);
  return gap === null ? null : refuse('no_evidence', gap);
}

/** What is missing before a case may go to the escalation team, as a sentence; null: nothing. */
export const gapOf = async (ctx: Ctx, { id, attempts }: CaseRow): Promise<string | null> =>
  attempts > 0 ? null : evidenceGap({ attempts, ...(await readTried(ctx, id)) });

/** A case that is handed over already moves only along the tiers; null: it may go there. */
export async function checkTier(
  ctx: Ctx,
  row: CaseRow,
  tier: EscalationTier,
): Promise<Barred<'already_escalated'> | null> {
  const from = row.escalation_id === null ? null : await readOpenTier(ctx, row.escalation_id);
  if (from === null || mayPassOn(from, tier)) return null;
  const next = NEXT_TIERS[from].map((to) => TIER_LABELS[to]).join('、');
  return refuse(
    'already_escalated',
    `这名考生已转交${TIER_LABELS[from]}，只能再转交${next}；请改选后再提交。`,
  );
}

export const auditHandOver = (ctx: Ctx, row: CaseRow, { tier, summary }: HandOver): Promise<void> =>
  audit(ctx, {
    action: 'case.escalated',
    subjectType: 'case',
    subjectId: row.id,
    reason: summary,
    after: { tier },
  });
