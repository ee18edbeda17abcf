import { type Columns, type ColumnsOutcome, NO_PREFERENCE, unfilled } from './columns.ts';
import { cutoffRows } from './columns-report.ts';
import type { PreferenceAnswer } from './why.ts';
import type { Cutoff, Deciding } from './why-cutoff.ts';
import type { Answer, PreferenceFacts } from './why-facts.ts';
import { sentence } from './why-text.ts';

/** Why a row is where the outcome says, preference by preference; `nameOf` gives a program's code. */
export function explainRow(
  columns: Columns,
  outcome: ColumnsOutcome,
  row: number,
  nameOf: (program: number) => string,
): PreferenceAnswer[] {
  const { k, prefs } = columns;
  const worst = cutoffRows(columns, outcome);
  const list = [...prefs.subarray(row * k, (row + 1) * k)];
  return list.flatMap((program, at) => {
    if (program === unfilled(columns)) return [];
    const answer =
      list.indexOf(program) < at ? 'REPEATED' : answerFor(columns, outcome, { row, at, program });
    const base = { at, code: nameOf(program), answer, score: columns.score[row] as number };
    const facts = { ...base, ...figures(columns, worst, { row, program, answer }) };
    return [{ ...facts, sentence: sentence(facts) }];
  });
}

function answerFor(
  { m, cap, line, score }: Columns,
  { preference }: ColumnsOutcome,
  { row, at, program }: { row: number; at: number; program: number },
): Answer {
  const filed = preference[row] as number;
  if (filed === at) return 'FILED';
  if (program >= m) return 'UNKNOWN_CODE';
  if (cap[program] === 0) return 'PLAN_ZERO';
  if ((score[row] as number) < (line[program] as number)) return 'BELOW_LINE';
  return filed !== NO_PREFERENCE && at > filed ? 'NOT_REACHED' : 'FULL';
}

interface Asked {
  readonly row: number;
  readonly program: number;
  readonly answer: Answer;
}

function figures(
  columns: Columns,
  worst: Int32Array,
  { row, program, answer }: Asked,
): Partial<PreferenceFacts> {
  if (answer === 'BELOW_LINE') return { line: columns.line[program] as number };
  if (answer !== 'FULL') return {};
  return { cutoff: cutoffOf(columns, worst[program] as number, row, columns.cap[program] as number) };
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
