import type { Candidate, Instance, Outcome, Program } from './model.ts';
import { endsWithPosition } from './order.ts';
import type { Choice, Round } from './round.ts';
import { quotaOf } from './standing.ts';
import { listTurns, turnsInOrder, windowOf } from './turns.ts';

export type Deciding =
  | 'window'
  | 'effective'
  | 'score'
  | 'tie'
  | 'position'
  | 'registration'
  | 'ranking'
  | 'merit'
  | 'merit_tied'
  | 'no_seats';

/** The claim on the last seat, which this one came after: the cut-off that refused it. */
export interface Cutoff {
  /** The group whose cap was used up; absent when it was the program's own plan. */
  readonly group?: string;
  readonly seats: number;
  readonly score: number | null;
  readonly tie: readonly number[];
  /** The step of the order that decided against the candidate. */
  readonly decidedBy: Deciding;
  /** Both sides of that step: the candidate's, and that of the last seat. */
  readonly own?: number;
  readonly other?: number;
}

interface Holder {
  readonly choice: Choice;
  readonly code: string;
  /** Where the choice stood in the order of the round. */
  readonly place: number;
}

/** Finds, for a preference that failed because of others, whom the last seat went to and what decided. */
export function cutoffFinder(
  round: Round,
  outcome: Outcome,
  rank: number,
): (at: number) => Cutoff | undefined {
  const { instance, programs } = round;
  const turns = listTurns(turnsInOrder(round)).map((choice, place): Holder => {
    return { choice, place, code: programs[choice.program]?.code ?? '' };
  });
  const filed = new Map(outcome.assign.map(({ id, at }) => [id, at]));
  const holders = turns.filter(({ choice }) => filed.get(round.ranked[choice.rank]?.id ?? '') === choice.at);
  return (at) => {
    const own = turns.find(({ choice }) => choice.rank === rank && choice.at === at);
    const program = own && programs[own.choice.program];
    if (own === undefined || program === undefined) return undefined;
    if (instance.mode === 'da') return rankingCutoff(round, program, own, holders);
    for (const { group, seats, members } of capsAround(instance, program)) {
      const named = group === undefined ? {} : { group };
      if (seats === 0) return { ...named, seats, score: null, tie: [], decidedBy: 'no_seats' };
      const last = holders.filter(({ code }) => members.includes(code))[seats - 1];
      if (last === undefined || last.place > own.place) continue;
      return { ...named, seats, ...keyOf(round, last), ...decision(round, own, last) };
    }
    return undefined;
  };
}

interface Cap {
  readonly group?: string;
  readonly seats: number;
  readonly members: readonly string[];
}

function capsAround({ groups = [] }: Instance, program: Program): Cap[] {
  const around = groups.filter(({ members }) => members.includes(program.code));
  return [
    { seats: quotaOf(program), members: [program.code] },
    ...around.map(({ code, cap, members }) => ({ group: code, seats: cap, members })),
  ];
}

function candidateOf({ ranked }: Round, { choice }: Holder): Candidate {
  const candidate = ranked[choice.rank];
  if (candidate === undefined) throw new Error(`no candidate has rank ${choice.rank}`);
  return candidate;
}

function keyOf(round: Round, holder: Holder): Pick<Cutoff, 'score' | 'tie'> {
  const { score, tie = [] } = candidateOf(round, holder);
  return { score, tie };
}

/** Programs choose for themselves: the last seat went to the lowest in the program's own ranking. */
function rankingCutoff(round: Round, program: Program, own: Holder, holders: readonly Holder[]): Cutoff {
  const place = (holder: Holder): number =>
    program.ranking ? program.ranking.indexOf(candidateOf(round, holder).id) + 1 : holder.choice.rank + 1;
  const held = holders.filter(({ code }) => code === program.code).sort((a, b) => place(a) - place(b));
  const last = held.at(-1);
  const seats = quotaOf(program);
  if (last === undefined) return { seats, score: null, tie: [], decidedBy: 'no_seats' };
  return { seats, ...keyOf(round, last), decidedBy: 'ranking', own: place(own), other: place(last) };
}

/** The first step of the order in which the two claims differ. */
function decision(round: Round, own: Holder, last: Holder): Pick<Cutoff, 'decidedBy' | 'own' | 'other'> {
  const { instance } = round;
  const [a, b] = [candidateOf(round, own), candidateOf(round, last)];
  const window = windowOf(instance);
  const [ownWindow, lastWindow] = [own, last].map(({ choice }) => window(choice.at).window + 1);
  const gap = ({ choice }: Holder): number =>
    instance.mode === 'gaps' ? (instance.gaps?.[Math.min(choice.at, instance.gaps.length - 1)] ?? 0) : 0;
  const effective = (candidate: Candidate, holder: Holder): number =>
    Math.round((candidate.score - gap(holder)) * 1_000_000) / 1_000_000;
  const steps: readonly (readonly [Deciding, number, number])[] = [
    ['window', ownWindow ?? 0, lastWindow ?? 0],
    ['effective', effective(a, own), effective(b, last)],
    ['score', a.score, b.score],
    ['tie', round.keyOf[own.choice.rank] ?? 0, round.keyOf[last.choice.rank] ?? 0],
    [
      'position',
      endsWithPosition(instance) ? own.choice.at + 1 : 0,
      endsWithPosition(instance) ? last.choice.at + 1 : 0,
    ],
  ];
  const deciding = steps.find(([, mine, theirs]) => mine !== theirs);
  if (deciding === undefined) return { decidedBy: 'registration' };
  const [decidedBy, mine, theirs] = deciding;
  if (decidedBy === 'effective' && instance.mode !== 'gaps')
    return { decidedBy: 'score', own: mine, other: theirs };
  return decidedBy === 'tie' ? { decidedBy } : { decidedBy, own: mine, other: theirs };
}
