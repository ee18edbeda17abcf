import { createHash } from 'node:crypto';
import type { Ctx } from '#platform/db/tenant';
import { batches, policies } from '#season';
import { type Batch, missingForRelease, type Policy, type Season } from '#season/rules';
import { callersFor } from '#staff';
import { type CallerLine, LEFT_SENTENCES, type PlaceLine, type RunFilter } from './contract.ts';
import { type CallerSeat, type Crowd, crowdKey, type Dealt, deal, type RunLimits } from './rules.ts';
import type { InputMarks, StoredPreview } from './run.store.ts';
import { tallyWaiting, type WaitingQuery, type WaitingTally } from './waiting.store.ts';

/** What a run is computed from, and what follows from it. Preview and release share every line of this file. */

export interface Asked {
  readonly filter: RunFilter;
  readonly limits: RunLimits;
  readonly seed: string;
}

type CallerSeen = Omit<CallerLine, 'lead' | 'random'> & { readonly skills: readonly string[] };

export interface Input {
  readonly query: WaitingQuery;
  readonly tallies: readonly WaitingTally[];
  readonly callers: readonly CallerSeen[];
  readonly policies: ReadonlyMap<string, Policy>;
  readonly batches: readonly Batch[];
  readonly marks: InputMarks;
}

/** Reads everything a run depends on. Callers are all who are qualified and on duty today: a lead goes home whatever groups take part. */
export async function readInput(ctx: Ctx, season: Season, { filter, limits }: Asked): Promise<Input> {
  const callers = (await callersFor(ctx)).map((caller) => ({
    userId: caller.userId,
    name: caller.name,
    groupId: caller.groupId,
    groupName: caller.groupName,
    skills: caller.skills,
    open: caller.openWork,
    cap: caller.openWorkCap,
  }));
  const inSeason = await policies(ctx, season.id);
  const query: WaitingQuery = {
    seasonId: season.id,
    stage: season,
    filter,
    policies: inSeason,
    skills: limits.skills,
    callerIds: callers.map(({ userId }) => userId),
  };
  const tallies = await tallyWaiting(ctx, query);
  const all = new Map(inSeason.map((policy) => [policy.id as string, policy]));
  const marks = marksOf({
    ...{ tallies, policies: all, season },
    callers: callers.filter((caller) => takesPart(caller, limits)),
  });
  return { query, tallies, callers, policies: all, batches: await batches(ctx, season.id), marks };
}

/** Whether a caller is among the groups of a run. */
const takesPart = ({ groupId }: Pick<CallerSeen, 'groupId'>, { groups }: RunLimits): boolean =>
  groups.length === 0 || groups.some((group) => group.groupId === groupId);

/** Open work of the callers is left out: it changes with every call, and a release uses the figures of the preview. */
function marksOf(given: {
  tallies: readonly WaitingTally[];
  callers: readonly CallerSeen[];
  policies: ReadonlyMap<string, Policy>;
  season: Season;
}): InputMarks {
  const sum = (rows: readonly WaitingTally[]): string =>
    `${rows.reduce((total, { digest }) => total + BigInt(digest), 0n)}`;
  const used = [...new Set(given.tallies.map(({ policyId }) => policyId))].toSorted();
  const seats = given.callers.map(({ userId, groupId, skills, cap }) =>
    [userId, groupId, skills, cap].join(),
  );
  return {
    candidates: sum(given.tallies),
    leads: hashOf(
      given.tallies.map(({ lane, ownerId, digest }) => [lane === 'lead' ? ownerId : null, digest]),
    ),
    policies: hashOf(used.map((id) => [id, id === null ? null : given.policies.get(id)?.version])),
    callers: hashOf(seats.toSorted()),
    stage: `${given.season.phase} ${given.season.round}`,
  };
}

const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);

/** Range and limits cannot change once a run is stored; what they select can. */
export const inputHash = ({ candidates, leads, policies: places, callers, stage }: InputMarks): Buffer =>
  createHash('sha256').update([candidates, leads, places, callers, stage].join('|')).digest();

export interface Plan {
  readonly dealt: readonly Dealt[];
  readonly preview: Omit<StoredPreview, 'marks' | 'stage'>;
  /** Policies whose provinces may be released. */
  readonly policyIds: readonly string[];
}

/** Shares out what may be released and says what happens to everyone. `open` replaces today's open work with that of a preview. */
export function makePlan(input: Input, asked: Asked, open?: ReadonlyMap<string, number>): Plan {
  const callers = input.callers.map((caller) => ({
    ...caller,
    open: open?.get(caller.userId) ?? caller.open,
  }));
  const sentences = blockedPlaces(input);
  const free = input.tallies.filter((tally) => sentencesOf(sentences, tally).length === 0);
  const leads = sumBy(
    free.filter(({ lane }) => lane === 'lead'),
    ({ ownerId }) => ownerId ?? '',
  );
  const dealt = deal(
    { crowds: crowdsOf(free), leads },
    callers satisfies CallerSeat[],
    asked.limits,
    asked.seed,
  );
  const drawn = new Map<string, number>();
  for (const [userId, count] of dealt.flatMap(({ shares }) => shares))
    drawn.set(userId, (drawn.get(userId) ?? 0) + count);
  const places = placesOf(input, dealt, sentences);
  const lines = callers
    .filter((caller) => takesPart(caller, asked.limits) || leads.has(caller.userId))
    .map(({ skills: _skills, ...caller }) => ({
      ...caller,
      lead: leads.get(caller.userId) ?? 0,
      random: drawn.get(caller.userId) ?? 0,
    }));
  const policyIds = [...new Set(free.flatMap(({ policyId }) => (policyId === null ? [] : [policyId])))];
  return { dealt, policyIds, preview: { figures: figuresOf(places, free), places, callers: lines } };
}

function sumBy(
  tallies: readonly WaitingTally[],
  keyOf: (tally: WaitingTally) => string,
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const tally of tallies) sums.set(keyOf(tally), (sums.get(keyOf(tally)) ?? 0) + tally.count);
  return sums;
}

/** Candidates of one province, batch and skill wait together, whatever district policy they fall under. */
function crowdsOf(tallies: readonly WaitingTally[]): Crowd[] {
  const drawn = tallies.filter(({ lane }) => lane === 'random');
  const counts = sumBy(drawn, crowdKey);
  const kinds = new Map(drawn.map((tally) => [crowdKey(tally), tally]));
  return [...kinds].map(([key, { provinceCode, batchId, requiredSkill }]) => ({
    provinceCode,
    batchId,
    requiredSkill,
    count: counts.get(key) ?? 0,
  }));
}

type Sentences = ReadonlyMap<string, readonly string[]>;
const policyKey = ({ provinceCode, batchId, policyId }: WaitingTally): string =>
  `${provinceCode}/${batchId}/${policyId ?? ''}`;
const sentencesOf = (sentences: Sentences, tally: WaitingTally): readonly string[] =>
  sentences.get(policyKey(tally)) ?? [];

/** Seed 001 part 三 (二): what callers must know of a province has to be there before anyone calls. */
export function blockedPlaces({ tallies, policies: all, batches: list }: Omit<Input, 'marks'>): Sentences {
  return new Map(
    tallies.map((tally) => {
      const policy = tally.policyId === null ? null : (all.get(tally.policyId) ?? null);
      const batchName = nameOf(list, tally.batchId);
      const missing = missingForRelease(policy, { provinceCode: tally.provinceCode, batchName });
      return [policyKey(tally), missing.map(({ message }) => message)];
    }),
  );
}

export const nameOf = (list: readonly Batch[], batchId: string): string =>
  list.find(({ id }) => id === batchId)?.name ?? '未知批次';

/** One line a province and batch: total = lead + random + escalation + left + blocked. */
function placesOf(input: Input, dealt: readonly Dealt[], sentences: Sentences): PlaceLine[] {
  const places = Map.groupBy(input.tallies, ({ provinceCode, batchId }) => `${provinceCode}/${batchId}`);
  return [...places.values()].flatMap((tallies) => {
    const [first] = tallies;
    if (!first) return [];
    const { provinceCode, batchId } = first;
    const mine = dealt.filter(
      (one) => one.crowd.provinceCode === provinceCode && one.crowd.batchId === batchId,
    );
    const free = tallies.filter((tally) => sentencesOf(sentences, tally).length === 0);
    const count = (rows: readonly WaitingTally[]) => rows.reduce((sum, row) => sum + row.count, 0);
    const of = (lane: string) => count(free.filter((tally) => tally.lane === lane));
    const left = mine.reduce((sum, one) => sum + one.left, 0);
    return {
      provinceCode,
      batchId,
      batchName: nameOf(input.batches, batchId),
      total: count(tallies),
      noPhone: tallies.reduce((sum, { noPhone }) => sum + noPhone, 0),
      lead: of('lead'),
      random: of('random') - left,
      escalation: of('escalation'),
      left,
      blocked: count(tallies) - count(free),
      reasons: [
        ...new Set([...tallies.flatMap((tally) => sentencesOf(sentences, tally)), ...leftReasons(mine)]),
      ],
    };
  });
}

const leftReasons = (dealt: readonly Dealt[]): string[] =>
  dealt.flatMap(({ left, cause, crowd: { requiredSkill } }) =>
    cause === null ? [] : [`${requiredSkill ? '需要技能的' : ''}${left} 名未分配：${LEFT_SENTENCES[cause]}`],
  );

function figuresOf(places: readonly PlaceLine[], free: readonly WaitingTally[]): StoredPreview['figures'] {
  const sum = (key: 'total' | 'lead' | 'random' | 'escalation' | 'left' | 'blocked' | 'noPhone') =>
    places.reduce((total, place) => total + place[key], 0);
  return {
    total: sum('total'),
    lead: sum('lead'),
    random: sum('random'),
    escalation: sum('escalation'),
    left: sum('left'),
    blocked: sum('blocked'),
    noPhone: sum('noPhone'),
    leadOfOthers: free.reduce((total, { leadOfOthers }) => total + leadOfOthers, 0),
  };
}
