import { type Columns, type ColumnsOutcome, isWide, NO_PREFERENCE, unfilled } from './columns.ts';
import type { ColumnViolation } from './columns-verify.ts';

const VIOLATIONS_MAX = 100;

/** What is known of each program: its holders, its worst holder, and the best of those who envy them. */
interface Desk {
  readonly filed: Uint32Array;
  /** Row with the worst merit held, -1 for none. */
  readonly worst: Int32Array;
  readonly worstMerit: Uint16Array;
  /** Best row that would rather be here, -1 for none. */
  readonly envious: Int32Array;
  /** Least merit that makes an envious row worth a look: above the best found so far. */
  readonly probe: Uint32Array;
}

/**
 * A large matching, checked without matching anybody. Stable: nobody who would rather be at a program outranks its worst
 * holder, or finds a free seat. Best for the candidates: let every full program point to the program that now holds the
 * best of those who envy its holders; a circle of such pointers could trade places to everyone's joy, and only an
 * outcome without a circle is the candidates' best.
 */
export function verifyColumnsMatching(columns: Columns, outcome: ColumnsOutcome): ColumnViolation[] {
  const found: ColumnViolation[] = [];
  const desk = emptyDesk(columns);
  const check = { columns, outcome, desk, found };
  for (let row = 0; row < columns.n && found.length < VIOLATIONS_MAX; row++) seat(check, row);
  for (let program = 0; program < columns.m && found.length < VIOLATIONS_MAX; program++) {
    const held = desk.filed[program] as number;
    const message = `专业 ${program}：投出 ${held} 人，公布 ${outcome.filed[program]} 人，计划 ${columns.cap[program]} 人。`;
    if (held > (columns.cap[program] as number)) found.push({ rule: 'CAP', program, message });
    if (held !== outcome.filed[program]) found.push({ rule: 'COUNTS', program, message });
  }
  for (let row = 0; row < columns.n && found.length < VIOLATIONS_MAX; row++) listen(check, row);
  return found.length > 0 ? found : findCircle(columns, outcome, desk);
}

function emptyDesk({ m }: Columns): Desk {
  return {
    filed: new Uint32Array(m),
    worst: new Int32Array(m).fill(-1),
    worstMerit: new Uint16Array(m),
    envious: new Int32Array(m).fill(-1),
    probe: new Uint32Array(isWide({ m }) ? m : 0x1_0000).fill(0xffff_ffff).fill(1, 0, m),
  };
}

interface Check {
  readonly columns: Columns;
  readonly outcome: ColumnsOutcome;
  readonly desk: Desk;
  readonly found: ColumnViolation[];
}

function seat({ columns, outcome, desk, found }: Check, row: number): void {
  const program = outcome.program[row] as number;
  const fault = faultOf(columns, outcome, row);
  if (fault !== null) {
    const [rule, text] = fault;
    found.push({ rule, row, program, message: `第 ${row} 行考生，专业 ${program}：${text}。` });
    return;
  }
  if (program === unfilled(columns)) return;
  const own = columns.merit?.[row * columns.k + (outcome.preference[row] as number)] as number;
  desk.filed[program] = (desk.filed[program] as number) + 1;
  // Rows come ascending: among equal merits the later row is the worse one.
  if ((desk.worst[program] as number) >= 0 && own > (desk.worstMerit[program] as number)) return;
  desk.worst[program] = row;
  desk.worstMerit[program] = own;
}

type Fault = readonly [rule: ColumnViolation['rule'], text: string];

/** What is wrong with a row's own place, whoever else holds one. */
function faultOf(columns: Columns, outcome: ColumnsOutcome, row: number): Fault | null {
  const { m, k, prefs, merit, score, line } = columns;
  const program = outcome.program[row] as number;
  const at = outcome.preference[row] as number;
  if (program === unfilled(columns)) {
    const blank = at === NO_PREFERENCE && outcome.reason[row] !== 0;
    return blank ? null : ['OWN_LIST', '未投档却写有志愿位次或记为已投档'];
  }
  if (program >= m || at >= k || prefs[row * k + at] !== program)
    return ['OWN_LIST', '所投专业不在该位次的志愿上'];
  if (stoodBefore(prefs, row * k, row * k + at)) return ['OWN_LIST', '位次不是首次出现'];
  if (outcome.reason[row] !== 0) return ['REASON', '已投档而原因不为 0'];
  const eligible = merit?.[row * k + at] !== 0 && (score[row] as number) >= (line[program] as number);
  return eligible ? null : ['ELIGIBLE', '不具备条件'];
}

/** Does the program at `at` stand in the same list, from `start` on, before it? */
function stoodBefore(prefs: Columns['prefs'], start: number, at: number): boolean {
  for (let i = start; i < at; i++) if (prefs[i] === prefs[at]) return true;
  return false;
}

/** Hears every wish a row has better than its place. */
function listen({ columns, outcome, desk, found }: Check, row: number): void {
  const { k, prefs, merit, cap } = columns;
  const { probe } = desk;
  if (merit === undefined) throw new Error('da needs the column merit');
  const filed = outcome.preference[row] as number;
  const start = row * k;
  const end = start + (filed === NO_PREFERENCE ? k : filed);
  for (let at = start; at < end; at++) {
    const program = prefs[at] as number;
    const own = merit[at] as number;
    if (!(own >= (probe[program] as number))) continue;
    if (cap[program] === 0 || (columns.score[row] as number) < (columns.line[program] as number)) continue;
    if (stoodBefore(prefs, start, at)) continue;
    const last = desk.worstMerit[program] as number;
    const free = (desk.filed[program] as number) < (cap[program] as number);
    if (free || own > last || (own === last && row < (desk.worst[program] as number))) {
      const message = `第 ${row} 行考生更愿意去专业 ${program}，该专业有空额或投出了更靠后的考生。`;
      found.push({ rule: 'PASSED_OVER', row, program, message });
      return;
    }
    desk.envious[program] = row;
    probe[program] = own + 1;
  }
  if (filed !== NO_PREFERENCE) return;
  const expected = expectedReason(columns, row);
  if (outcome.reason[row] === expected) return;
  const message = `第 ${row} 行考生：未投档原因记为 ${outcome.reason[row]}，应为 ${expected}。`;
  found.push({ rule: 'REASON', row, message });
}

/** 4 if any program wanted the row at all, else the furthest of 3 (line), 6 (merit 0), 2 (no plan), 5, 1. */
function expectedReason(columns: Columns, row: number): number {
  const { k, m, prefs, merit, cap, score, line } = columns;
  const none = unfilled(columns);
  let [below, unwanted, planless, unknown] = [false, false, false, false];
  for (let at = row * k; at < row * k + k; at++) {
    const program = prefs[at] as number;
    if (program === none || stoodBefore(prefs, row * k, at)) continue;
    if (program >= m) unknown = true;
    else if (cap[program] === 0) planless = true;
    else if (merit?.[at] === 0) unwanted = true;
    else if ((score[row] as number) < (line[program] as number)) below = true;
    else return 4;
  }
  if (below) return 3;
  if (unwanted) return 6;
  if (planless) return 2;
  return unknown ? 5 : 1;
}

function findCircle({ m, cap }: Columns, outcome: ColumnsOutcome, desk: Desk): ColumnViolation[] {
  const next = (program: number): number => {
    if ((desk.filed[program] as number) < (cap[program] as number)) return m;
    const row = desk.envious[program] as number;
    return row < 0 ? m : Math.min(m, outcome.program[row] as number);
  };
  /** The start of the search that first came by; a search that meets its own trail has found a circle. */
  const trail = new Int32Array(m).fill(-1);
  for (let start = 0; start < m; start++) {
    let program = start;
    while (program < m && trail[program] === -1) {
      trail[program] = start;
      program = next(program);
    }
    if (program === m || trail[program] !== start) continue;
    const row = desk.envious[program] as number;
    const message = `第 ${row} 行考生可以与他人换到更靠前的志愿（专业 ${program}）而各专业仍无异议：结果不是对考生最优的。`;
    return [{ rule: 'OPTIMAL', row, program, message }];
  }
  return [];
}
