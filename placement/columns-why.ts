import { type Columns, type ColumnsOutcome, NO_PREFERENCE, unfilled } from './columns.ts';
import { cutoffRows } from './columns-report.ts';
import type { PreferenceAnswer } from './why.ts';
import type { Cutoff, Deciding } from './why-cutoff.ts';
import type { Answer, PreferenceFacts } from './why-facts.ts';
import { sentence } from './why-text.ts';

/** Why a row is where the outcome says, preference by preference, in both modes; `nameOf` gives a program's code. */
export function explainRow(
  columns: Columns,
  outcome: ColumnsOutcome,
  row: number,
  nameOf: (program: number) => string,
): PreferenceAnswer[] {
  const { k, prefs } = columns;
  const worst = columns.merit ? leastWanted(columns, outcome) : cutoffRows(columns, outcome);
  const list = [...prefs.subarray(row * k, (row + 1) * k)];
  return list.flatMap((program, at) => {
    if (program === unfilled(columns)) return [];
    const answer =
      list.indexOf(program) < at ? 'REPEATED' : answerFor(columns, outcome, { row, at, program });
    const base = { at, code: nameOf(program), answer, score: columns.score[row] as number };
    const facts = { ...base, ...figures(columns, { outcome, worst }, { row, at, program, answer }) };
    return [{ ...facts, sentence: sentence(facts) }];
  });
}

function answerFor(
  { m, k, cap, line, score, merit }: Columns,
  { preference }: ColumnsOutcome,
  { row, at, program }: Omit<Asked, 'answer'>,
): Answer {
  const filed = preference[row] as number;
  if (filed === at) return 'FILED';
  if (program >= m) return 'UNKNOWN_CODE';
  if (cap[program] === 0) return 'PLAN_ZERO';
  if (merit && merit[row * k + at] === 0) return 'INELIGIBLE';
  if ((score[row] as number) < (line[program] as number)) return 'BELOW_LINE';
  return filed !== NO_PREFERENCE && at > filed ? 'NOT_REACHED' : 'FULL';
}

interface Asked {
  readonly row: number;
  readonly at: number;
  readonly program: number;
  readonly answer: Answer;
}

interface Held {
  readonly outcome: ColumnsOutcome;
  /** By program the row that took the last seat. */
  readonly worst: Int32Array;
}

function figures(columns: Columns, { outcome, worst }: Held, asked: Asked): Partial<PreferenceFacts> {
  const { row, program, answer } = asked;
  if (answer === 'BELOW_LINE') return { line: columns.line[program] as number };
  if (answer === 'INELIGIBLE') return { bars: [{ kind: 'unranked' }] };
  if (answer !== 'FULL') return {};
  const last = worst[program] as number;
  const cutoff = cutoffOf(columns, last, row, columns.cap[program] as number);
  return { cutoff: columns.merit ? { ...cutoff, ...meritDecision(columns, outcome, last, asked) } : cutoff };
}

/** `da`: the row a program wants least of those it holds, -1 where it holds nobody; among equals the later row. */
function leastWanted(columns: Columns, outcome: ColumnsOutcome): Int32Array {
  const last = new Int32Array(columns.m).fill(-1);
  for (let row = 0; row < columns.n; row++) {
    const program = outcome.program[row] as number;
    if (program >= columns.m) continue;
    const worst = last[program] as number;
    if (worst < 0 || meritHeld(columns, outcome, row) <= meritHeld(columns, outcome, worst))
      last[program] = row;
  }
  return last;
}

function meritHeld({ k, merit }: Columns, { preference }: ColumnsOutcome, row: number): number {
  return merit?.[row * k + (preference[row] as number)] ?? 0;
}

function meritDecision(
  columns: Columns,
  outcome: ColumnsOutcome,
  last: number,
  { row, at }: Asked,
): Pick<Cutoff, 'decidedBy' | 'own' | 'other'> {
  const own = columns.merit?.[row * columns.k + at] ?? 0;
  const other = meritHeld(columns, outcome, last);
  return { decidedBy: own === other ? 'merit_tied' : 'merit', own, other };
}

/** The full key unpacked: two-subject sum, better of the two, foreign language, first-choice, second, third subject. */
function keyOf({ tiehi, tielo }: Columns, row: number): number[] {
  const [high, low] = [tiehi[row] as number, tielo[row] as number];
  return [(high >>> 8) & 511, high & 255, low >>> 21, (low >>> 14) & 127, (low >>> 7) & 127, low & 127];
}

function cutoffOf(columns: Columns, last: number, row: number, seats: number): Cutoff {
  const score = columns.score[last] as number;
  const own = columns.score[row] as number;
  const tie = keyOf(columns, last);
  const tied = keyOf(columns, row).every((value, i) => value === tie[i]);
  const decidedBy: Deciding = own !== score ? 'score' : tied ? 'registration' : 'tie';
  return { seats, score, tie, decidedBy, own, other: score };
}
