import type { z } from 'zod';
import { maskName } from '#candidate/rules';
import type { Ctx } from '#platform/db/tenant';
import type { Refusal } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { activeSeason } from '#season';
import { scopeOf } from '#staff';
import { STUCK_LABELS, type StuckCode, type stuckList } from './contract.ts';
import { stuckRows } from './stuck.store.ts';
import { noSeason } from './wallboard.service.ts';

type Stuck = z.output<typeof stuckList.reply>;
const CODES = Object.keys(STUCK_LABELS) as StuckCode[];

/** What nobody is about to move: at most a hundred of each cause, longest waiting first, a case once per cause. */
export async function readStuck(
  ctx: Ctx,
  query: { groupId?: string | undefined; code?: StuckCode | undefined },
): Promise<Result<Stuck, Refusal<'no_season'>>> {
  const season = await activeSeason(ctx);
  if (!season) return noSeason();
  const scope = await scopeOf(ctx);
  const led = scope.kind === 'all' ? null : [...scope.groupIds];
  const groupIds =
    query.groupId === undefined ? led : (led ?? [query.groupId]).filter((id) => id === query.groupId);
  const counts: Record<string, number> = {};
  const items: Stuck['items'] = [];
  for (const code of CODES) {
    const rows = await stuckRows(ctx, code, { seasonId: season.id, groupIds });
    counts[code] = rows.length;
    if (query.code === undefined || query.code === code)
      items.push(...rows.map((row) => ({ ...row, candidateName: maskName(row.candidateName) })));
  }
  return ok({ counts, items });
}
