import { expect, test } from 'vitest';
import { checkInstance, parseInstance } from './check.ts';

const candidate = { id: '1', score: 500, prefs: ['A'] };
const program = { code: 'A', plan: 1 };
const other = { code: 'B', plan: 1 };
const round = { candidates: [candidate], programs: [program, other] };
const group = (code: string, members: unknown, cap: unknown = 1) => ({ code, cap, members });

test.each<[rule: string, input: unknown, codes: string[]]>([
  ['a plain round is clean', round, []],
  ['an empty round is clean', { candidates: [], programs: [] }, []],
  [
    'null in an optional field is the same as nothing',
    { ...round, groups: null, candidates: [{ ...candidate, tie: null }] },
    [],
  ],
  ['no object', 7, ['BAD_INSTANCE']],
  ['no lists', {}, ['BAD_INSTANCE', 'BAD_INSTANCE']],
  ['a candidate twice', { ...round, candidates: [candidate, candidate] }, ['DUPLICATE_CANDIDATE']],
  ['a program twice', { ...round, programs: [program, program] }, ['DUPLICATE_PROGRAM']],
  ['score 0 is a score', { ...round, candidates: [{ ...candidate, score: 0 }] }, []],
  ['a score below 0', { ...round, candidates: [{ ...candidate, score: -1 }] }, ['BAD_SCORE']],
  ['a score as text', { ...round, candidates: [{ ...candidate, score: '500' }] }, ['BAD_SCORE']],
  [
    'a score that is no number',
    { ...round, candidates: [{ ...candidate, score: Number.NaN }] },
    ['BAD_SCORE'],
  ],
  ['no score', { ...round, candidates: [{ id: '1', prefs: [] }] }, ['BAD_SCORE']],
  ['preferences that are no list', { ...round, candidates: [{ ...candidate, prefs: 'A' }] }, ['BAD_PREFS']],
  ['no preferences at all', { ...round, candidates: [{ id: '1', score: 1 }] }, ['BAD_PREFS']],
  ['plan 0 is a plan', { ...round, programs: [{ ...program, plan: 0 }] }, []],
  ['a plan below 0', { ...round, programs: [{ ...program, plan: -1 }] }, ['BAD_PLAN']],
  ['half a seat', { ...round, programs: [{ ...program, plan: 1.5 }] }, ['BAD_PLAN']],
  ['ratio 1.05', { ...round, programs: [{ ...program, ratio: 1.05 }] }, []],
  ['ratio 0', { ...round, programs: [{ ...program, ratio: 0 }] }, ['BAD_RATIO']],
  [
    'a ratio no one can multiply exactly',
    { ...round, programs: [{ ...program, ratio: 1 / 3 }] },
    ['BAD_RATIO'],
  ],
  ['an unknown mode', { ...round, mode: 'serial' }, ['BAD_MODE']],
  ['an unknown tie policy', { ...round, tiePolicy: 'lottery' }, ['BAD_TIE_POLICY']],
  [
    'position only at the end of a ladder',
    { ...round, ladder: ['score', 'position', 'tie'] },
    ['BAD_LADDER'],
  ],
  ['a ladder starts with the score', { ...round, ladder: ['tie'] }, ['BAD_LADDER']],
  ['windows of indexes', { ...round, mode: 'rounds', windows: [[0], [-1]] }, ['BAD_WINDOWS']],
  ['nested groups are a tree', { ...round, groups: [group('外', ['A', 'B']), group('内', ['A'])] }, []],
  [
    'the same group twice under two codes',
    { ...round, groups: [group('一', ['A', 'B']), group('二', ['B', 'A'])] },
    [],
  ],
  ['a member that is no program', { ...round, groups: [group('外', ['A', 'Q'])] }, ['UNKNOWN_MEMBER']],
  ['a cap below 0', { ...round, groups: [group('外', ['A'], -1)] }, ['BAD_CAP']],
  ['a group code twice', { ...round, groups: [group('外', ['A']), group('外', ['B'])] }, ['DUPLICATE_GROUP']],
  ['groups in da', { ...round, mode: 'da', groups: [group('外', ['A'])] }, ['GROUPS_IN_DA']],
  [
    'reserves within the seats',
    { ...round, programs: [{ ...program, reserves: [{ category: '农村', seats: 1 }] }] },
    [],
  ],
  [
    'more reserves than seats',
    { ...round, programs: [{ ...program, reserves: [{ category: '农村', seats: 2 }] }] },
    ['BAD_RESERVE'],
  ],
  ['somebody ranked twice', { ...round, programs: [{ ...program, ranking: ['1', '1'] }] }, ['BAD_RANKING']],
])('%s', (_rule, input, codes) => {
  expect(checkInstance(input).map(({ code }) => code)).toEqual(codes);
});

test('groups that cross are no tree', () => {
  const programs = ['A', 'B', 'C'].map((code) => ({ code, plan: 1 }));
  const groups = [group('左', ['A', 'B']), group('右', ['B', 'C'])];
  expect(checkInstance({ ...round, programs, groups }).map(({ code }) => code)).toEqual(['GROUPS_NOT_TREE']);
});

test('every finding is listed, each with its place and figure in Chinese', () => {
  const candidates = [
    { ...candidate, score: -3 },
    { id: '2', score: 1, prefs: 5 },
  ];
  const findings = checkInstance({ ...round, candidates, mode: 'x' });
  expect(findings.map(({ path }) => path)).toEqual(['mode', 'candidates[0].score', 'candidates[1].prefs']);
  expect(findings[1]?.message).toContain('现为 -3');
});

test('parsing drops null and keeps the rest', () => {
  const parsed = parseInstance({ ...round, groups: null });
  expect(parsed).toEqual({ ok: true, value: round });
});
