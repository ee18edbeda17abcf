import { type Columns, type ColumnsOutcome, unfilled } from '#placement/columns';
import { placeMatching } from '#placement/columns-matching';
import { placeColumns } from '#placement/columns-place';
import { openSession } from '#placement/columns-session';
import { type ColumnChange, type ColumnMove, whatIfColumns } from '#placement/columns-whatif';
import type { Finding } from '#placement/model';
import type { Change } from '#placement/whatif';
import type { ColumnsRound } from './place-columns.ts';
import { Refused } from './place-files.ts';

const CAP_MAX = 10_000_000;
const LINE_MAX = 65_535;

interface Naming {
  readonly columns: Columns;
  /** Number of a program, -1 if there is none of that code. */
  readonly programOf: (code: string) => number;
  readonly rowOf: (id: string) => number;
}

/** Changes by code as changes by number, one after the other, so that two of the same program add up. */
export function columnChanges(
  changes: readonly Change[],
  { columns, programOf, rowOf }: Naming,
): ColumnChange[] {
  const findings: Finding[] = [];
  const refused = (code: string, path: string, message: string): ColumnChange[] => {
    findings.push({ code, path, message });
    return [];
  };
  const cap = columns.cap.slice();
  const figure = (kind: 'cap' | 'line', index: number, value: number): ColumnChange[] => {
    const most = kind === 'cap' ? CAP_MAX : LINE_MAX;
    const noun = kind === 'cap' ? '计划' : '分数线';
    if (!Number.isInteger(value) || value < 0 || value > most)
      return refused('BAD_CHANGE', String(value), `${noun}应为 0 至 ${most} 的整数，现为 ${value}。`);
    if (kind === 'cap') cap[index] = value;
    return [{ kind, index, value }];
  };
  const own = changes.flatMap((change): ColumnChange[] => {
    if (change.kind === 'withdraw') return [{ kind: 'withdraw', index: rowOf(change.id) }];
    const index = programOf(change.code);
    if (index < 0 || index >= columns.m)
      return refused('UNKNOWN_CODE', change.code, `本轮没有代码 ${change.code}。`);
    if (change.kind === 'plan') return figure('cap', index, change.plan);
    if (change.kind === 'seats') return figure('cap', index, (cap[index] ?? 0) + change.by);
    if (change.kind === 'line') return figure('line', index, change.line);
    const message = '列式数据的投档数已含比例，也没有分组；请用 --plan、--seats 或 --line。';
    return refused('UNSUPPORTED', change.kind, message);
  });
  if (findings.length > 0) throw new Refused(findings);
  return own;
}

interface Tried {
  readonly next: ColumnsOutcome;
  readonly moves: readonly ColumnMove[];
  readonly milliseconds: number;
}

/** `parallel` with strict ties moves only those who are touched; other rounds are placed again, with the same answer. */
export function tryOut(round: ColumnsRound, before: ColumnsOutcome, changes: readonly ColumnChange[]): Tried {
  const { meta, columns } = round;
  const isIncremental = meta.mode !== 'da' && meta.tiePolicy !== 'expand';
  const session = isIncremental ? openSession(columns) : null;
  const started = performance.now();
  const { outcome, moves } = session
    ? whatIfColumns(session, changes)
    : placedAgain(changedRound(round, changes), before);
  return { next: outcome, moves, milliseconds: Math.round((performance.now() - started) * 10) / 10 };
}

function placedAgain({ meta, columns }: ColumnsRound, before: ColumnsOutcome) {
  const outcome = meta.mode === 'da' ? placeMatching(columns) : placeColumns(columns, meta.tiePolicy);
  const moves: ColumnMove[] = [];
  for (let row = 0; row < columns.n; row++) {
    const [from, to] = [before.program[row] as number, outcome.program[row] as number];
    if (from !== to) moves.push({ row, from, to });
  }
  return { outcome, moves };
}

/** The round with the changes in its columns; whoever withdrew has an empty list. */
export function changedRound(
  { meta, columns }: ColumnsRound,
  changes: readonly ColumnChange[],
): ColumnsRound {
  const { k } = columns;
  const [cap, line, prefs] = [columns.cap.slice(), columns.line.slice(), columns.prefs.slice()];
  for (const { kind, index, value = 0 } of changes) {
    if (kind === 'cap') cap[index] = value;
    if (kind === 'line') line[index] = value;
    if (kind === 'withdraw') prefs.fill(unfilled(columns), index * k, (index + 1) * k);
  }
  return { meta, columns: { ...columns, cap, line, prefs } };
}
