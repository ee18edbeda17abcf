import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { activeSeason } from '#season';
import type { UnnamedMajor } from './major.contract.ts';
import { fillNames, readUnnamed } from './major.store.ts';

/** Codes of filed majors that nobody has named yet. */
export async function unnamedMajors(
  ctx: Ctx,
): Promise<Result<{ items: UnnamedMajor[]; candidates: number }, never>> {
  const season = await activeSeason(ctx);
  return ok(season ? await readUnnamed(ctx, season.id) : { items: [], candidates: 0 });
}

/** After a code was named: the candidates of the place who carry it get the name. Names already there stay. */
export async function nameMajorsOf(
  ctx: Ctx,
  place: { readonly provinceCode: string; readonly batchId: string },
): Promise<Result<{ named: number }, Refusal<'no_season'>>> {
  const season = await activeSeason(ctx);
  if (!season) return refuse('no_season', '还没有招生季，请招办先到“设置 > 招生季”新建。');
  const named = await fillNames(ctx, { seasonId: season.id, ...place });
  if (named > 0)
    await audit(ctx, {
      action: 'candidate.majors_named',
      subjectType: 'season',
      subjectId: season.id,
      after: { ...place, named },
    });
  return ok({ named });
}
