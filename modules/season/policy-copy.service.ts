import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { blankPolicy } from './ensure.service.ts';
import { notFound, savePolicyChange } from './policy.service.ts';
import { insertPolicy, lockPolicy, readPolicies } from './policy.store.ts';
import { factChanges, factsOf, fillFrom } from './policy-change.rules.ts';
import { type Batch, type Policy, provinceName, type Season } from './rules.ts';
import { readBatches, readSeason, readSeasons } from './store.ts';

export type CopyRequest =
  | { readonly source: 'last_season' }
  | {
      readonly source: 'province';
      readonly fromProvinceCode: string;
      readonly toProvinceCodes: readonly string[];
    };

export interface CopyCounts {
  readonly created: number;
  readonly filled: number;
  readonly unchanged: number;
}

/** One policy to be filled, and from where. */
interface Pair {
  readonly from: Policy;
  readonly provinceCode: string;
  readonly batchId: string;
  readonly districtCode: string;
}

/** Fills what is unknown from last season (batches matched by code) or from another province; never overwrites. */
export async function copyThePolicies(
  ctx: Ctx,
  seasonId: string,
  request: CopyRequest,
): Promise<Result<CopyCounts, Refusal<'not_found' | 'nothing_to_copy'>>> {
  const season = await readSeason(ctx, seasonId);
  if (!season) return notFound();
  const pairs =
    request.source === 'last_season'
      ? await pairsOfLastSeason(ctx, season)
      : pairsOfProvince(await readPolicies(ctx, seasonId), request);
  if (pairs.length === 0) {
    return refuse(
      'nothing_to_copy',
      request.source === 'last_season'
        ? '上一季没有同批次的政策可以沿用，请直接补录。'
        : `${provinceName(request.fromProvinceCode)}本季还没有政策，请先填写它，再补齐其他省份。`,
    );
  }
  const counts = { created: 0, filled: 0, unchanged: 0 };
  const existing = await readPolicies(ctx, seasonId);
  for (const pair of pairs) counts[await fillOne(ctx, { season, pair, existing })] += 1;
  return ok(counts);
}

async function pairsOfLastSeason(ctx: Ctx, season: Season): Promise<Pair[]> {
  const last = (await readSeasons(ctx)).find(({ year }) => year < season.year);
  if (!last) return [];
  const oldBatches = await readBatches(ctx, last.id);
  const newBatches = await readBatches(ctx, season.id);
  const old = await readPolicies(ctx, last.id);
  return old.flatMap((from) => {
    const batch = sameBatch(from.batchId, oldBatches, newBatches);
    return batch
      ? [{ from, provinceCode: from.provinceCode, batchId: batch.id, districtCode: from.districtCode }]
      : [];
  });
}

const sameBatch = (id: string, from: readonly Batch[], to: readonly Batch[]): Batch | undefined => {
  const code = from.find((batch) => batch.id === id)?.code;
  return to.find((batch) => batch.code === code);
};

const pairsOfProvince = (
  policies: readonly Policy[],
  request: Extract<CopyRequest, { source: 'province' }>,
): Pair[] =>
  policies
    .filter(
      ({ provinceCode, districtCode }) => provinceCode === request.fromProvinceCode && districtCode === '',
    )
    .flatMap((from) =>
      request.toProvinceCodes
        .filter((code) => code !== request.fromProvinceCode)
        .map((provinceCode) => ({ from, provinceCode, batchId: from.batchId, districtCode: '' })),
    );

async function fillOne(
  ctx: Ctx,
  given: { season: Season; pair: Pair; existing: readonly Policy[] },
): Promise<keyof CopyCounts> {
  const { season, pair } = given;
  const known = given.existing.find(
    (policy) =>
      policy.provinceCode === pair.provinceCode &&
      policy.batchId === pair.batchId &&
      policy.districtCode === pair.districtCode,
  );
  const id = known?.id ?? (await addBlank(ctx, season, pair));
  const policy = id ? await lockPolicy(ctx, id) : null;
  if (!policy) return 'unchanged';
  const facts = fillFrom(factsOf(policy), pair.from, pair.from.seasonId === season.id);
  const changed = factChanges(policy, facts).length > 0;
  if (changed) await savePolicyChange(ctx, policy, { facts, reason: reasonOf(pair, season) });
  if (!known) return 'created';
  return changed ? 'filled' : 'unchanged';
}

async function addBlank(ctx: Ctx, season: Season, pair: Pair): Promise<string | null> {
  const blank = blankPolicy({ ...pair, seasonId: season.id });
  return (await insertPolicy(ctx, blank)) ? blank.id : null;
}

const reasonOf = ({ from }: Pair, season: Season): string =>
  from.seasonId === season.id ? `按${provinceName(from.provinceCode)}补齐` : '沿用上一季';
