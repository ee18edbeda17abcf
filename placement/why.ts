import type { Candidate, Instance, Outcome, Reason } from './model.ts';
import { buildRound } from './round.ts';
import { type Bar, barsBetween, gateOf, standing } from './standing.ts';
import { listTurns, turnsInOrder } from './turns.ts';
import { cutoffFinder } from './why-cutoff.ts';
import type { PreferenceFacts } from './why-facts.ts';
import { sentence } from './why-text.ts';

export interface PreferenceAnswer extends PreferenceFacts {
  readonly sentence: string;
}

export interface Why {
  readonly id: string;
  readonly code: string | null;
  readonly at: number;
  readonly reason: Reason;
  readonly preferences: readonly PreferenceAnswer[];
}

/** Why a candidate is where the outcome says; null if there is no such candidate. The outcome must have been verified. */
export function explain(instance: Instance, outcome: Outcome, id: string): Why | null {
  const candidate = instance.candidates.find((each) => each.id === id);
  const own = outcome.assign.find((assignment) => assignment.id === id);
  if (candidate === undefined || own === undefined) return null;
  const answer = answerer(instance, outcome, candidate);
  const facts = candidate.prefs.map((code, at) => answer(code, at, own.at));
  if (own.adjusted && own.code !== null) {
    facts.push({ at: -1, code: own.code, answer: 'ADJUSTED', score: candidate.score });
  }
  const preferences = facts.map((each) => ({ ...each, sentence: sentence(each) }));
  return { id, code: own.code, at: own.at, reason: own.reason, preferences };
}

type Answerer = (code: string, at: number, ownAt: number) => PreferenceFacts;

function answerer(instance: Instance, outcome: Outcome, candidate: Candidate): Answerer {
  const round = buildRound(instance);
  const rank = round.ranked.indexOf(candidate);
  const cutoffAt = cutoffFinder(round, outcome, rank);
  const own = listTurns(turnsInOrder(round)).filter((choice) => choice.rank === rank);
  const place = (at: number): number => own.findIndex((choice) => choice.at === at);
  const reachable = instance.mode === 'rounds' ? instance.windows?.flat() : undefined;
  return (code, at, ownAt) => {
    const base = { at, code, score: candidate.score };
    const program = instance.programs.find((each) => each.code === code);
    if (candidate.prefs.indexOf(code) < at) return { ...base, answer: 'REPEATED' };
    if (reachable && !reachable.includes(at)) return { ...base, answer: 'OUTSIDE_WINDOWS' };
    if (ownAt === at) return { ...base, answer: 'FILED' };
    const gate = program && gateOf(program);
    const stage = standing(candidate, gate);
    const isUnranked = instance.mode === 'da' && program?.ranking?.includes(candidate.id) === false;
    if (gate && stage !== 'PLAN_ZERO' && (stage === 'INELIGIBLE' || isUnranked)) {
      const unranked: Bar[] = isUnranked ? [{ kind: 'unranked' }] : [];
      return { ...base, answer: 'INELIGIBLE', bars: [...barsBetween(candidate, gate), ...unranked] };
    }
    if (program?.line !== undefined && stage === 'BELOW_LINE')
      return { ...base, answer: stage, line: program.line };
    if (stage !== 'ADMISSIBLE') return { ...base, answer: stage };
    if (ownAt >= 0 && (instance.mode === 'da' ? at > ownAt : place(at) > place(ownAt))) {
      return { ...base, answer: 'NOT_REACHED' };
    }
    const cutoff = cutoffAt(at);
    return cutoff === undefined ? { ...base, answer: 'FULL' } : { ...base, answer: 'FULL', cutoff };
  };
}
