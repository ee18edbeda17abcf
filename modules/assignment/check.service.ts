import type { z } from 'zod';
import type { Ctx } from '#platform/db/tenant';
import { ok, type Result } from '#platform/result';
import { scriptsInForce } from '#script';
import { mostSpecific } from '#script/rules';
import { activeSeason, batches, policies } from '#season';
import { type Batch, missingForRelease, type Policy, type Season } from '#season/rules';
import { callersFor } from '#staff';
import type { PlaceCheck, releaseChecks } from './check.contract.ts';
import { checksOf } from './check.rules.ts';
import { countPlaces, type PlaceCount } from './check.store.ts';
import { nameOf } from './plan.ts';
import { OPEN_LIMITS } from './run.service.ts';
import { tallyWaiting, type WaitingTally } from './waiting.store.ts';

type Checks = z.output<typeof releaseChecks.reply>;

interface Known {
  readonly season: Season;
  readonly batches: readonly Batch[];
  readonly policies: readonly Policy[];
  readonly tallies: readonly WaitingTally[];
  readonly scripts: Awaited<ReturnType<typeof scriptsInForce>>;
  readonly now: number;
}

/** Every province and batch that has candidates or a policy, those with people waiting first. */
export async function checkRelease(ctx: Ctx): Promise<Result<Checks, never>> {
  const season = await activeSeason(ctx);
  if (!season) return ok({ stage: null, items: [], callers: 0, room: 0 });
  const callers = await callersFor(ctx);
  const inSeason = await policies(ctx, season.id);
  const known: Known = {
    season,
    batches: await batches(ctx, season.id),
    policies: inSeason,
    tallies: await tallyWaiting(ctx, {
      seasonId: season.id,
      stage: season,
      filter: { provinceCodes: [], batchIds: [], importId: null },
      policies: inSeason,
      skills: OPEN_LIMITS.skills,
      callerIds: [],
    }),
    scripts: await scriptsInForce(ctx, season.id),
    now: ctx.now,
  };
  const counts = await countPlaces(ctx, { seasonId: season.id, phase: season.phase });
  const items = [...counts, ...withoutCandidates(known.policies, counts)].map((count) =>
    placeCheck(known, count),
  );
  return ok({
    stage: { phase: season.phase, round: season.round },
    items: items.sort(byUrgency),
    callers: callers.length,
    room: callers.reduce((sum, { room }) => sum + room, 0),
  });
}

const byUrgency = (left: PlaceCheck, right: PlaceCheck): number =>
  blockedOf(right) - blockedOf(left) ||
  right.waiting - left.waiting ||
  Number(left.provinceCode) - Number(right.provinceCode);

const blockedOf = ({ checks, waiting }: PlaceCheck): number =>
  checks.some(({ blocks }) => blocks) ? waiting + 1 : 0;

const samePlace = (
  left: { provinceCode: string; batchId: string },
  right: { provinceCode: string; batchId: string },
): boolean => left.provinceCode === right.provinceCode && left.batchId === right.batchId;

/** Places that have a policy and no file yet. */
const withoutCandidates = (all: readonly Policy[], counts: readonly PlaceCount[]): PlaceCount[] =>
  all
    .filter((policy) => policy.districtCode === '' && !counts.some((count) => samePlace(count, policy)))
    .map(({ provinceCode, batchId }) => ({
      provinceCode,
      batchId,
      candidates: 0,
      released: 0,
      unnamed: 0,
      pastLines: 0,
    }));

/** What a release of one province and batch would find: people waiting, and each thing that is missing. */
function placeCheck(known: Known, count: PlaceCount): PlaceCheck {
  const policy = known.policies.find((one) => one.districtCode === '' && samePlace(one, count)) ?? null;
  const tallies = known.tallies.filter((tally) => samePlace(tally, count));
  const batchName = nameOf(known.batches, count.batchId);
  const sum = (key: 'count' | 'noPhone') => tallies.reduce((total, tally) => total + tally[key], 0);
  const waiting = sum('count');
  const { season } = known;
  const spot = {
    kind: 'call',
    withdrawable: policy?.withdrawable ?? null,
    phase: season.phase,
    round: season.round,
  } as const;
  const checks = checksOf(
    {
      waiting,
      missing: missingIn(known, count, tallies).map((one) => one.message),
      withdrawable: policy?.withdrawable ?? null,
      batchEndsAt: policy?.batchEndsAt ?? null,
      hasScript: mostSpecific(known.scripts, spot).length > 0,
      unnamed: count.unnamed,
      noPhone: sum('noPhone'),
      pastLines: count.pastLines,
    },
    known.now,
  );
  return {
    provinceCode: count.provinceCode,
    batchId: count.batchId,
    batchName,
    policyId: policy?.id ?? null,
    withdrawable: policy?.withdrawable ?? null,
    candidates: count.candidates,
    waiting,
    released: count.released,
    checks,
  };
}

/** Of the province's policy, and of each district policy under which somebody waits. */
function missingIn(known: Known, count: PlaceCount, tallies: readonly WaitingTally[]) {
  const place = { provinceCode: count.provinceCode, batchName: nameOf(known.batches, count.batchId) };
  const ids = new Set(tallies.map(({ policyId }) => policyId));
  const inUse = known.policies.filter(
    (policy) => samePlace(policy, count) && (policy.districtCode === '' || ids.has(policy.id)),
  );
  if (inUse.length === 0) return missingForRelease(null, place);
  return inUse.flatMap((policy) => missingForRelease(policy, place));
}
