import type { Candidate, Group, Instance, Mode, Program } from '#placement/model';
import { type Random, seeded } from './random.ts';

const CODES = ['A', 'B', 'a', 'Ａ', '10', '9', '𠮷', '\uffff', 'x y', 'constructor', '__proto__', 'length'];
const IDS = ['1', '10', '2', '02', '甲', '乙', '𠮷', 'Ａ', 'A', 'a', 'toString', '__proto__', '3', '4'];
const RATIOS = [1.1, 1.05, 1.15, 1.2, 0.29, 0.57, 0.333333, 1.000001, 2, 0.5, 1.45, 0.07, 100, 0.000001];
const LADDERS = [
  ['score'],
  ['score', 'tie'],
  ['score', 'tie', 'position'],
  ['score', 'tie.1', 'marks.外语'],
  ['score', 'position'],
  ['score', 'marks.constructor', 'tie.0'],
];
const WINDOWS = [
  [[0], [1, 2, 3]],
  [[1], [0]],
  [[3, 1], [0]],
  [
    [0, 0, 1],
    [1, 2],
  ],
  [[]],
  [],
  [[5]],
  [[2], [2], [0]],
];
const MINIMA: readonly Record<string, number>[] = [{ 外语: 81 }, {}, { 外语: 0 }, { constructor: 1 }];
const GAPS = [
  [],
  [0],
  [0, 3, 1],
  [0, 500],
  [0, 0.1, 0.3],
  [2],
  [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8],
  [1, 0],
];

/** Valid but odd: strange names, products that floats get wrong, lists that repeat, windows and gaps that do not fit. */
export function oddInstance(seed: number, mode: Mode): Instance {
  const random = seeded(seed);
  const { below, chance, pick, shuffle } = random;
  const codes = shuffle(CODES).slice(0, 1 + below(6));
  const ids = shuffle(IDS).slice(0, below(11));
  const large = chance(0.15);
  const programs = codes.map((code) => oddProgram(random, code, { ids, mode, large }));
  const pool = [...codes, ...(chance(0.3) ? ['Q', ''] : [])];
  const span = pick([1, 2, 4]);
  return {
    mode,
    ...(chance(0.9) ? { tiePolicy: pick(['strict', 'expand'] as const) } : {}),
    ...(chance(0.7) ? { ladder: pick(LADDERS) } : {}),
    candidates: ids.map((id) => oddCandidate(random, id, pool, span)),
    programs,
    ...(mode !== 'da' && chance(0.5) ? { groups: oddGroups(random, codes) } : {}),
    ...(mode === 'rounds' && chance(0.7) ? { windows: pick(WINDOWS) } : {}),
    ...(mode === 'gaps' && chance(0.9) ? { gaps: pick(GAPS) } : {}),
  };
}

interface Around {
  readonly ids: readonly string[];
  readonly mode: Mode;
  readonly large: boolean;
}

function oddProgram({ below, chance, pick, shuffle }: Random, code: string, around: Around): Program {
  const { ids, mode, large } = around;
  const isRanking = mode === 'da' && chance(0.7);
  const program: Program = {
    code,
    plan: large ? pick([10, 20, 100, 1000]) : below(4),
    ...(chance(0.4) ? { ratio: pick(RATIOS) } : {}),
    ...(chance(0.4) ? { rounding: pick(['floor', 'ceil'] as const) } : {}),
    ...(chance(0.3) ? { line: pick([0, 500, 501, 502, 501.5]) } : {}),
    ...(chance(0.2) ? { level: pick(['本科', '专科', '']) } : {}),
    ...(chance(0.2) ? { require: pick([['化学'], [], ['化学', '物理'], ['历史']]) } : {}),
    ...(chance(0.2) ? { minSubject: pick(MINIMA) } : {}),
    ...(chance(0.2) ? { bar: pick([['色盲'], [], ['x', '色盲']]) } : {}),
    ...(chance(0.2) ? { noAdjust: chance(0.7) } : {}),
    ...(isRanking ? { ranking: shuffle([...ids, 'nobody']).slice(0, below(ids.length + 2)) } : {}),
  };
  // Reserves only where the plan alone bears them, whatever the ratio makes of it.
  if (mode !== 'da' || (program.ratio ?? 1) < 1 || chance(0.5)) return program;
  const first = below(Math.min(program.plan, 3) + 1);
  const second = below(Math.min(program.plan - first, 3) + 1);
  const reserves = [
    { category: '农村', seats: first },
    { category: '', seats: second },
  ];
  return { ...program, reserves };
}

function oddCandidate(random: Random, id: string, pool: readonly string[], span: number): Candidate {
  const { below, chance, pick, shuffle } = random;
  const list = chance(0.1) ? [] : shuffle(pool).slice(0, below(pool.length + 1));
  return {
    id,
    score: 500 + below(span) + (chance(0.2) ? pick([0.1, 0.2, 0.3, 0.5]) : 0),
    ...(chance(0.6) ? { tie: Array.from({ length: below(4) }, () => pick([0, 1, -1, 0.5, 2])) } : {}),
    ...(chance(0.6) ? { seq: pick([0, 1, 2, -1, 1.5]) } : {}),
    prefs: chance(0.3) ? [...list, ...shuffle(list), ...list].slice(0, 9) : list,
    ...(chance(0.7) ? { level: pick(['本科', '专科', '']) } : {}),
    ...(chance(0.8) ? { subjects: pick([['物理', '化学'], ['历史'], []]) } : {}),
    ...(chance(0.7) ? { marks: pick([{ 外语: 80 }, { 外语: 81 }, { 外语: 82, 生物: 0 }, {}]) } : {}),
    ...(chance(0.2) ? { bars: pick([['色盲'], [], ['y']]) } : {}),
    ...(chance(0.6) ? { category: pick(['农村', '', '其他']) } : {}),
    ...(chance(0.6) ? { obey: chance(0.8) } : {}),
  };
}

/** Three levels of caps, a group beside them, and now and then the same group under two codes. */
function oddGroups({ below, chance, shuffle }: Random, codes: readonly string[]): Group[] {
  const shuffled = shuffle(codes);
  const outer = shuffled.slice(0, 1 + below(shuffled.length));
  const middle = outer.slice(0, below(outer.length + 1));
  return shuffle([
    { code: '外', cap: below(6), members: outer },
    { code: '中', cap: below(5), members: chance(0.3) ? [...middle, ...middle] : middle },
    { code: '内', cap: below(3), members: middle.slice(0, below(middle.length + 1)) },
    { code: '旁', cap: below(4), members: shuffled.slice(outer.length) },
    ...(chance(0.5) ? [{ code: '同', cap: below(4), members: outer.toReversed() }] : []),
  ]);
}
