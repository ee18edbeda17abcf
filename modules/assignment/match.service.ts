import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { activeSeason } from '#season';
import { judge } from './lead.rules.ts';
import { findFits, saveVerdicts, takenBy } from './lead.store.ts';

interface MatchFigures {
  readonly matched: number;
  readonly disputed: number;
  readonly void: number;
}

/**
 * Finds the candidates of open leads, by candidate number, ID number or a phone number; only among those of one delivery when
 * it is named. Called by the clock, for the deliveries that came meanwhile, and before every preview; does nothing twice.
 */
export async function matchLeads(ctx: Ctx, importId: string | null = null): Promise<MatchFigures> {
  const season = await activeSeason(ctx);
  if (!season) return { matched: 0, disputed: 0, void: 0 };
  const found = await findFits(ctx, season.id, importId);
  const verdicts = judge(
    found,
    await takenBy(ctx, season.id, [...new Set(found.map((fit) => fit.candidateId))]),
  );
  await saveVerdicts(ctx, verdicts);
  const count = (state: string) => verdicts.filter((verdict) => verdict.state === state).length;
  const figures = { matched: count('matched'), disputed: count('disputed'), void: count('void') };
  if (verdicts.length > 0)
    await audit(ctx, {
      action: 'lead.matched',
      subjectType: 'season',
      subjectId: season.id,
      after: { ...figures, importId },
    });
  return figures;
}
