import { expect, test } from 'vitest';
import { checkInstance } from './check.ts';
import type { Candidate, Instance } from './model.ts';
import { place } from './place.ts';
import { verify } from './verify.ts';

/** Rounds worked out by hand, as a provincial office would explain them. Each comment is the reasoning. */

/** `甲 610 A B` : name, score, preferences. */
function people(...lines: string[]): Candidate[] {
  return lines.map((line, seq) => {
    const [id = '', score = '', ...prefs] = line.split(' ');
    return { id, score: Number(score), seq, prefs };
  });
}

/** Program -> who was filed to it, best first; `退` -> who was not, with the reason. */
function result(instance: Instance): Record<string, string> {
  expect(checkInstance(instance)).toEqual([]);
  const outcome = place(instance);
  expect(verify(instance, outcome)).toEqual([]);
  const score = new Map(instance.candidates.map((candidate) => [candidate.id, candidate]));
  const order = outcome.assign.toSorted((a, b) => {
    const [left, right] = [score.get(a.id), score.get(b.id)];
    return (right?.score ?? 0) - (left?.score ?? 0) || (left?.seq ?? 0) - (right?.seq ?? 0);
  });
  const groups = Map.groupBy(order, ({ code }) => code ?? '退');
  return Object.fromEntries(
    [...groups].map(([code, list]) => [
      code,
      list
        .map(({ id, reason, adjusted }) => `${id}${code === '退' ? reason : adjusted ? '调' : ''}`)
        .join(' '),
    ]),
  );
}

const plans = (list: Record<string, number>) => Object.entries(list).map(([code, plan]) => ({ code, plan }));

test('平行志愿: score first, then the list, filed once', () => {
  // 甲 takes the only seat of A. 乙 wants A too; it is full, so B. 丙 finds A and B full and takes C, though C is the last
  // of the list: a lower preference costs nothing. 丁 has more preferences than 丙 but fewer points: nothing is left.
  const candidates = people('甲 650 A B', '乙 640 A B', '丙 630 A B C', '丁 620 A B C');
  expect(result({ candidates, programs: plans({ A: 1, B: 1, C: 1 }) })).toEqual({
    A: '甲',
    B: '乙',
    C: '丙',
    退: '丁FULL',
  });
});

test('院校专业组 filed at 105 %: 21 files for 20 places, the half file is not sent', () => {
  // 20 × 1.05 = 21 exactly. With 30 places it is 31.5: 31 files, or 32 where the province rounds up.
  const candidates = Array.from({ length: 40 }, (_, i) => ({
    id: `${100 + i}`,
    score: 600 - i,
    prefs: ['G1'],
  }));
  const filed = (plan: number, rounding: 'floor' | 'ceil') =>
    place({ candidates, programs: [{ code: 'G1', plan, ratio: 1.05, rounding }] }).programs[0]?.filed;
  expect([filed(20, 'floor'), filed(30, 'floor'), filed(30, 'ceil')]).toEqual([21, 31, 32]);
  // 1.15 × 100 is 114.99999999999999 in floating point; a province counts 115.
  const many = Array.from({ length: 120 }, (_, i) => ({ id: `${100 + i}`, score: 600 - i, prefs: ['G1'] }));
  expect(
    place({ candidates: many, programs: [{ code: 'G1', plan: 100, ratio: 1.15 }] }).programs[0]?.filed,
  ).toBe(115);
});

test('a tie ladder in the usual order: two subjects together, the better of them, foreign language, then the rest', () => {
  // All have 600. 乙 leads by the sum of two subjects. 甲 and 丙 agree there; 丙 has the better single mark. 丁 is last by sum.
  const candidates = [
    { id: '甲', score: 600, tie: [240, 125, 130], prefs: ['A'] },
    { id: '乙', score: 600, tie: [245, 123, 110], prefs: ['A'] },
    { id: '丙', score: 600, tie: [240, 130, 100], prefs: ['A'] },
    { id: '丁', score: 600, tie: [239, 150, 150], prefs: ['A'] },
  ];
  const last = (plan: number) => result({ candidates, programs: plans({ A: plan }) }).A;
  expect([last(1), last(2)?.split(' ').sort(), last(3)?.split(' ').sort()]).toEqual([
    '乙',
    ['丙', '乙'].sort(),
    ['丙', '乙', '甲'].sort(),
  ]);
});

test('a ladder that ends with the position of the preference, then all of them', () => {
  // 甲, 乙 and 丙 tie in everything. One seat in A. 乙 wrote A first, 甲 and 丙 wrote it second: the seat is 乙's, although 甲
  // registered earlier. B has one seat; 甲 and 丙 both wrote B first: still equal, and the rule says both are placed.
  const candidates = people('甲 600 B A', '乙 600 A', '丙 600 B A');
  const ladder = ['score', 'tie', 'position'];
  const round = { candidates, programs: plans({ A: 1, B: 1 }), ladder };
  expect(result({ ...round, tiePolicy: 'expand' })).toEqual({ A: '乙', B: '甲 丙' });
  // A province that does not expand takes 甲 by registration, and 丙 is left with nothing.
  expect(result(round)).toEqual({ A: '乙', B: '甲', 退: '丙FULL' });
});

test('expand files the whole tie at the cut, above plan and group cap, and nobody below it', () => {
  // Plan 1, group cap 1. 甲 and 乙 tie: both are filed. 丙 has one point less: the program is full.
  const candidates = people('甲 600 A', '乙 600 A', '丙 599 A B');
  const groups = [{ code: '层次', cap: 1, members: ['A', 'B'] }];
  const round: Instance = { candidates, programs: plans({ A: 1, B: 5 }), groups, tiePolicy: 'expand' };
  expect(result(round)).toEqual({ A: '甲 乙', 退: '丙FULL' });
});

test('eligibility comes before ranking; the furthest stage over the list is the reason', () => {
  const candidates: Candidate[] = [
    { id: '甲', score: 640, prefs: ['A', 'B'], subjects: ['物理'] },
    { id: '乙', score: 450, prefs: ['B'], subjects: ['物理', '化学'] },
    { id: '丙', score: 449, prefs: ['A', 'B'], subjects: ['物理'] },
    { id: '丁', score: 640, prefs: ['Z'] },
  ];
  const programs = [
    { code: 'A', plan: 9, require: ['物理', '化学'] },
    { code: 'B', plan: 9, line: 450 },
  ];
  // 甲 did not take chemistry, so A is closed to him and he goes to B. 450 is on the line and qualifies; 449 does not.
  expect(result({ candidates, programs })).toEqual({ B: '甲 乙', 退: '丁UNKNOWN_CODE 丙BELOW_LINE' });
});

const majors: Instance = {
  mode: 'gaps',
  candidates: people('甲 605 A B', '乙 603 B A', '丙 602 A', '丁 601 C A'),
  programs: plans({ A: 1, B: 1, C: 0 }),
};

test('majors inside a college, 分数优先: no deduction', () => {
  // 甲 A. 乙 B. 丙 finds A full. 丁: C has no plan, A is full.
  expect(result({ ...majors, gaps: [0] })).toEqual({ A: '甲', B: '乙', 退: '丙FULL 丁FULL' });
});

test('majors inside a college, 专业级差 of 3 points: a second wish counts three points less', () => {
  // 甲 605 wants B first, A second. 乙 603 wants A. 丙 604 wants B. B goes to 甲 (605). For A, 乙 has 603.
  // 丁 605.5 wants C (full of 戊 610), then A at 602.5: 乙's 603 beats it. Without the gap 丁 would have taken A.
  const candidates = people('戊 610 C', '丁 605.5 C A', '甲 605 B A', '丙 604 B', '乙 603 A');
  const round: Instance = { mode: 'gaps', candidates, programs: plans({ A: 1, B: 1, C: 1 }) };
  expect(result({ ...round, gaps: [0, 3] })).toEqual({ A: '乙', B: '甲', C: '戊', 退: '丁FULL 丙FULL' });
  expect(result({ ...round, gaps: [0] })).toEqual({ A: '丁', B: '甲', C: '戊', 退: '丙FULL 乙FULL' });
});

test('majors inside a college, 专业优先 (专业清): all first wishes before any second', () => {
  // A deduction larger than any difference in score: 丁 with 500 keeps A against 甲 with 700 who wrote it second.
  const candidates = people('乙 710 C', '甲 700 C A', '丁 500 A');
  const round: Instance = { mode: 'gaps', candidates, programs: plans({ A: 1, C: 1 }), gaps: [0, 10_000] };
  expect(result(round)).toEqual({ C: '乙', A: '丁', 退: '甲FULL' });
});

test('equal after the deduction goes to the better full rank', () => {
  // 甲 603 second wish minus 3 = 600, 乙 600 first wish = 600. 甲 has more points and takes the seat.
  const candidates = people('丙 610 C', '甲 603 C A', '乙 600 A');
  const round: Instance = { mode: 'gaps', candidates, programs: plans({ A: 1, C: 1 }), gaps: [0, 3] };
  expect(result(round)).toEqual({ C: '丙', A: '甲', 退: '乙FULL' });
});

test('服从调剂 after every wish, by rank, into the first major with room; 不服从 is returned', () => {
  // A is full of 甲. 乙 obeys: B is the first code with room, but B takes nobody by adjustment; C needs chemistry; so D.
  // 丙 has fewer points and obeys: D has one more seat. 丁 does not obey and is returned. 戊 obeys, D is full: returned.
  const obedient = (each: Candidate): Candidate => ({ ...each, obey: each.id !== '丁' });
  const candidates = people('甲 640 A', '乙 630 A', '丁 625 A', '丙 620 A', '戊 610 A').map(obedient);
  const programs = [
    { code: 'A', plan: 1 },
    { code: 'B', plan: 3, noAdjust: true },
    { code: 'C', plan: 3, require: ['化学'] },
    { code: 'D', plan: 2 },
  ];
  expect(result({ mode: 'gaps', candidates, programs })).toEqual({
    A: '甲',
    D: '乙调 丙调',
    退: '丁FULL 戊FULL',
  });
});

test('顺序志愿 of the adult colleges: first wishes, then the later ones together, inside level and full-time caps', () => {
  // Level cap 4, of which at most 2 full-time (会计脱产, 法学脱产). First round: 甲 and 乙 fill 会计脱产 = the full-time cap.
  // 丙 wanted 法学脱产 first: it has a seat of its own, but no full-time place is left. 丁 takes 会计业余.
  // Second round: 丙 takes 会计业余, the fourth place of the level; 戊 finds the level used up although 会计业余 has a seat.
  const candidates = people(
    '甲 300 会计脱产',
    '乙 290 会计脱产',
    '丙 280 法学脱产 会计业余',
    '丁 200 会计业余',
    '戊 270 会计脱产 会计业余',
  );
  const round: Instance = {
    mode: 'rounds',
    windows: [[0], [1, 2, 3]],
    candidates,
    programs: plans({ 会计脱产: 2, 法学脱产: 1, 会计业余: 3 }),
    groups: [
      { code: '高起专执行计划', cap: 4, members: ['会计脱产', '法学脱产', '会计业余'] },
      { code: '脱产计划', cap: 2, members: ['会计脱产', '法学脱产'] },
    ],
  };
  expect(result(round)).toEqual({ 会计脱产: '甲 乙', 会计业余: '丙 丁', 退: '戊FULL' });
});

test('顺序志愿 differs from 平行志愿: a first wish beats a better score', () => {
  // 甲 wrote B second. In the first round B is filled by 乙, who has fewer points but wrote it first.
  const candidates = people('丙 600 A', '甲 590 A B', '乙 400 B');
  const round: Instance = { candidates, programs: plans({ A: 1, B: 1 }) };
  expect(result({ ...round, mode: 'rounds' })).toEqual({ A: '丙', B: '乙', 退: '甲FULL' });
  expect(result(round)).toEqual({ A: '丙', B: '甲', 退: '乙FULL' });
});

test('an approved named request (点名) is a preference of the round it is filed in', () => {
  // 甲 consented to be called by 法学, approved after the first round: it stands in the window of the second round.
  // The call is still subject to the line: 乙 with 99 stays out.
  const candidates = people('丙 200 会计', '甲 150 会计 法学', '乙 99 会计 法学');
  const programs = [
    { code: '会计', plan: 1 },
    { code: '法学', plan: 2, line: 100 },
  ];
  expect(result({ mode: 'rounds', windows: [[0], [1]], candidates, programs })).toEqual({
    会计: '丙',
    法学: '甲',
    退: '乙FULL',
  });
});

test('a major whose plan was cut to 0 neither takes files nor admits', () => {
  const candidates = people('甲 600 A B');
  expect(result({ candidates, programs: plans({ A: 0, B: 0 }) })).toEqual({ 退: '甲PLAN_ZERO' });
});

test('da: of two stable outcomes the candidates get theirs', () => {
  // 甲 prefers A, 乙 prefers B; A ranks 乙 first, B ranks 甲 first. Both (甲A 乙B) and (甲B 乙A) are stable.
  const programs = [
    { code: 'A', plan: 1, ranking: ['乙', '甲'] },
    { code: 'B', plan: 1, ranking: ['甲', '乙'] },
  ];
  expect(result({ mode: 'da', candidates: people('甲 1 A B', '乙 1 B A'), programs })).toEqual({
    A: '甲',
    B: '乙',
  });
});

test('da: reserved seats are a guarantee, not a wall', () => {
  // Two seats, one reserved for 农村. 甲 and 乙 rank first, 丙 (农村) third: 丙 keeps the reserved seat, 乙 is sent away.
  const category = (each: Candidate): Candidate => (each.id === '丙' ? { ...each, category: '农村' } : each);
  const candidates = people('甲 3 A', '乙 2 A', '丙 1 A').map(category);
  const program = {
    code: 'A',
    plan: 2,
    ranking: ['甲', '乙', '丙'],
    reserves: [{ category: '农村', seats: 1 }],
  };
  expect(result({ mode: 'da', candidates, programs: [program] })).toEqual({ A: '甲 丙', 退: '乙FULL' });
  // Without 丙 nobody claims the reserve, and 乙 takes the seat: it does not stay empty.
  expect(result({ mode: 'da', candidates: candidates.slice(0, 2), programs: [program] })).toEqual({
    A: '甲 乙',
  });
});
