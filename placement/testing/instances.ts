import type { Candidate, Group, Instance, Mode, Program } from '#placement/model';
import { type Random, seeded } from './random.ts';

/** Families of rounds that have broken placement programs before. */
export const FAMILIES = [
  'mixed',
  'ties everywhere',
  'zero plans',
  'one giant program',
  'identical lists',
  'empty lists',
  'duplicates',
  'unknown codes',
  'on the line',
  'nested caps',
  'ratios',
] as const;
export type Family = (typeof FAMILIES)[number];

/** A small round of a family; the same seed gives the same round. */
export function randomInstance(seed: number, mode: Mode): Instance {
  const random = seeded(seed);
  const family = FAMILIES[seed % FAMILIES.length] ?? 'mixed';
  const m = 1 + random.below(family === 'one giant program' ? 2 : 6);
  const ids = Array.from({ length: random.below(13) }, (_, i) => `2600${String(i).padStart(2, '0')}`);
  const codes = Array.from({ length: m }, (_, i) => `P${i}`);
  const candidates = ids.map((id) => randomCandidate({ random, family, id, codes }));
  const shared = random.shuffle(codes);
  const programs = codes.map((code) => randomProgram({ random, family, code, ids, mode }));
  const caps = mode === 'da' ? {} : { groups: randomGroups(random, codes, family) };
  return {
    mode,
    tiePolicy: random.chance(0.5) ? 'strict' : 'expand',
    ladder: random.pick([
      ['score', 'tie'],
      ['score'],
      ['score', 'tie', 'position'],
      ['score', 'marks.外语', 'tie.1'],
    ]),
    candidates:
      family === 'identical lists' ? candidates.map((each) => ({ ...each, prefs: shared })) : candidates,
    programs,
    ...caps,
    ...(mode === 'rounds' && random.chance(0.6)
      ? {
          windows: random.pick([
            [[0], [1, 2, 3]],
            [[1], [0, 2]],
            [
              [0, 1],
              [1, 4],
            ],
          ]),
        }
      : {}),
    ...(mode === 'gaps' ? { gaps: random.pick([[], [0, 3, 1], [0, 500], [0, 0.1, 0.3], [2]]) } : {}),
  };
}

interface Row {
  readonly random: Random;
  readonly family: Family;
}

function randomCandidate({
  random,
  family,
  id,
  codes,
}: Row & { id: string; codes: readonly string[] }): Candidate {
  const span = family === 'ties everywhere' ? 2 : 8;
  const pool = family === 'unknown codes' ? [...codes, 'Q8', 'Q9'] : codes;
  const list =
    family === 'empty lists' && random.chance(0.5)
      ? []
      : random.shuffle(pool).slice(0, random.below(pool.length + 1));
  const decimals = random.chance(0.2) ? random.below(3) / 10 : 0;
  return {
    id,
    score: 500 + random.below(span) + decimals,
    tie: Array.from({ length: random.below(3) }, () => random.below(2)),
    ...(random.chance(0.7) ? { seq: random.below(4) } : {}),
    prefs: family === 'duplicates' ? [...list, ...random.shuffle(list)].slice(0, 6) : list,
    ...(random.chance(0.8) ? { level: random.pick(['本科', '专科']) } : {}),
    subjects: random.chance(0.8) ? ['物理', '化学'] : ['历史'],
    marks: { 外语: 80 + random.below(3) },
    ...(random.chance(0.1) ? { bars: ['色盲'] } : {}),
    ...(random.chance(0.6) ? { category: random.pick(['农村', '边远']) } : {}),
    ...(random.chance(0.6) ? { obey: random.chance(0.8) } : {}),
  };
}

interface ProgramRow extends Row {
  readonly code: string;
  readonly ids: readonly string[];
  readonly mode: Mode;
}

function randomProgram({ random, family, code, ids, mode }: ProgramRow): Program {
  const plan =
    family === 'zero plans' && random.chance(0.5) ? 0 : random.below(family === 'one giant program' ? 9 : 4);
  const ratio = family === 'ratios' ? { ratio: random.pick([1.05, 1.2, 1.5, 0.5, 1.15]) } : {};
  const reserves = [
    { category: '农村', seats: random.below(2) },
    { category: '边远', seats: random.below(3) },
  ];
  const room = ratio.ratio === undefined && plan >= 4 - 1 && random.chance(0.7);
  const ranked = random.shuffle(ids).slice(0, random.below(ids.length + 1) + 1);
  return {
    code,
    plan,
    ...ratio,
    ...(random.chance(0.3) ? { rounding: random.pick(['floor', 'ceil'] as const) } : {}),
    ...(family === 'on the line' || random.chance(0.2) ? { line: 500 + random.below(6) } : {}),
    ...(random.chance(0.15) ? { level: '本科' } : {}),
    ...(random.chance(0.15) ? { require: ['化学'] } : {}),
    ...(random.chance(0.1) ? { minSubject: { 外语: 81 } } : {}),
    ...(random.chance(0.1) ? { bar: ['色盲'] } : {}),
    ...(random.chance(0.1) ? { noAdjust: true } : {}),
    ...(mode === 'da' && random.chance(0.8) ? { ranking: ranked } : {}),
    ...(mode === 'da' && room ? { reserves } : {}),
  };
}

function randomGroups(random: Random, codes: readonly string[], family: Family): Group[] {
  if (family !== 'nested caps' && random.chance(0.6)) return [];
  const shuffled = random.shuffle(codes);
  const outer = shuffled.slice(0, 1 + random.below(codes.length));
  const inner = outer.slice(0, random.below(outer.length + 1));
  const other = shuffled.slice(outer.length);
  return [
    { code: '内层', cap: random.below(4), members: inner },
    { code: '外层', cap: random.below(6), members: outer },
    { code: '旁边', cap: random.below(4), members: other },
  ];
}

/** Few candidates, few seats, rankings at odds with the lists: rounds with several stable outcomes. */
export function tinyMatching(seed: number): Instance {
  const random = seeded(seed);
  const ids = Array.from({ length: 2 + random.below(4) }, (_, i) => `C${i}`);
  const codes = Array.from({ length: 2 + random.below(2) }, (_, i) => `P${i}`);
  const programs = codes.map((code): Program => {
    const plan = random.pick([1, 1, 2, 3]);
    const reserves = plan > 1 && random.chance(0.5) ? { reserves: [{ category: '农村', seats: 1 }] } : {};
    const ranking = random.chance(0.9) ? { ranking: random.shuffle(ids) } : {};
    return { code, plan, ...ranking, ...reserves };
  });
  const candidates = ids.map(
    (id): Candidate => ({
      id,
      score: 500 + random.below(3),
      prefs: random.shuffle(codes),
      ...(random.chance(0.5) ? { category: '农村' } : {}),
    }),
  );
  return { mode: 'da', candidates, programs };
}
