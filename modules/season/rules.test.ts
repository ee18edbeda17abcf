import { describe, expect, test } from 'vitest';
import { factChanges, fillFrom, needsReason } from './policy-change.rules.ts';
import {
  canMoveTo,
  DEFAULT_SETTINGS,
  type FollowUpSettings,
  goesToEscalationTeam,
  missingForRelease,
  type Policy,
  policyIssues,
  STAGES,
  settingChanges,
  settingIssues,
  settingsFrom,
} from './rules.ts';
import { Settings } from './settings.contract.ts';

const HOUR = 3_600_000;
const complete: Policy = {
  id: 'p' as Policy['id'],
  seasonId: 's' as Policy['seasonId'],
  provinceCode: '52',
  batchId: 'b' as Policy['batchId'],
  districtCode: '',
  withdrawable: true,
  phoneShielded: false,
  newExam: true,
  artSchoolExam: false,
  seats: 120,
  batchStartsAt: 10 * HOUR,
  batchEndsAt: 100 * HOUR,
  withdrawalDeadlineAt: 90 * HOUR,
  callingFrom: '09:00',
  callingUntil: '21:00',
  version: 1,
  updatedAt: 0,
};
const place = { provinceCode: '52', batchName: '本科批' };

describe('what blocks a release', () => {
  test.each<[rule: string, change: Partial<Policy>, missing: string[]]>([
    ['nothing, when all is entered', {}, []],
    ['able to withdraw or not', { withdrawable: null }, ['withdrawable']],
    ['phones', { phoneShielded: null }, ['phoneShielded']],
    ['kind of exam', { newExam: null }, ['newExam']],
    ['seats', { seats: null }, ['seats']],
    ['zero seats are an answer', { seats: 0 }, []],
    ['start', { batchStartsAt: null }, ['batchStartsAt']],
    ['end', { batchEndsAt: null }, ['batchEndsAt']],
    ['a withdrawable province without deadline', { withdrawalDeadlineAt: null }, ['withdrawalDeadlineAt']],
    ['a binding province needs no deadline', { withdrawable: false, withdrawalDeadlineAt: null }, []],
    ['several at once', { newExam: null, seats: null }, ['newExam', 'seats']],
  ])('%s', (_rule, change, missing) => {
    expect(missingForRelease({ ...complete, ...change }, place).map(({ field }) => field)).toEqual(missing);
  });
  test('a province without any policy', () => {
    const [one] = missingForRelease(null, place);
    expect(one?.message).toBe('贵州本科批还没有录入政策，请到“设置 > 各省政策”点“补录政策”。');
  });
  test('every sentence names province, batch, what and where', () => {
    const empty = { ...complete, withdrawable: null, phoneShielded: null, newExam: null, seats: null };
    for (const { message } of missingForRelease(empty, place)) {
      expect(message).toMatch(/^贵州本科批还没有填写.+，请到“设置 > 各省政策”打开贵州本科批，.+。$/);
    }
  });
});

test.each([
  [true, true, false, true],
  [true, true, true, false],
  [true, false, false, false],
  [false, true, false, false],
  [null, true, false, false],
])(
  'withdrawable %s, shielded %s, school exam %s: escalation team %s',
  (withdrawable, phoneShielded, artSchoolExam, to) => {
    expect(goesToEscalationTeam({ withdrawable, phoneShielded, artSchoolExam })).toBe(to);
  },
);

describe('a policy that contradicts itself', () => {
  test.each<[rule: string, change: Partial<Policy>, issues: number]>([
    ['sound', {}, 0],
    ['end after start by a millisecond', { batchEndsAt: 10 * HOUR + 1, withdrawalDeadlineAt: null }, 0],
    ['end at start', { batchEndsAt: 10 * HOUR, withdrawalDeadlineAt: null }, 1],
    ['deadline at the end', { withdrawalDeadlineAt: 100 * HOUR }, 0],
    ['deadline after the end', { withdrawalDeadlineAt: 100 * HOUR + 1 }, 1],
    ['binding with deadline', { withdrawable: false }, 1],
    ['calls end when they begin', { callingUntil: '09:00' }, 1],
    ['calls end a minute later', { callingUntil: '09:01' }, 0],
  ])('%s', (_rule, change, issues) => {
    expect(policyIssues({ ...complete, ...change })).toHaveLength(issues);
  });
});

test('filling in needs no reason, changing does', () => {
  const empty = { ...complete, seats: null };
  expect(needsReason(factChanges(empty, complete))).toBe(false);
  expect(needsReason(factChanges(complete, { ...complete, seats: 121 }))).toBe(true);
  expect(needsReason(factChanges(complete, complete))).toBe(false);
});

describe('copying a policy', () => {
  const empty = {
    ...complete,
    withdrawable: null,
    phoneShielded: null,
    newExam: null,
    batchEndsAt: null,
    withdrawalDeadlineAt: null,
  };
  test('takes over what is unknown, dates only inside the season', () => {
    expect(fillFrom(empty, complete, true)).toMatchObject({ withdrawable: true, batchEndsAt: 100 * HOUR });
    expect(fillFrom(empty, complete, false)).toMatchObject({ withdrawable: true, batchEndsAt: null });
  });
  test('never overwrites', () => {
    expect(fillFrom({ ...empty, withdrawable: false }, complete, true)).toMatchObject({
      withdrawable: false,
      withdrawalDeadlineAt: null,
    });
  });
});

describe('stages', () => {
  test('one step on or back, never two', () => {
    const moves = STAGES.map((_, from) => STAGES.filter((to) => canMoveTo(STAGES[from] ?? to, to)).length);
    expect(moves).toEqual([1, 2, 2, 2, 2, 1]);
  });
  test('the round outside of filing does not matter', () => {
    expect(canMoveTo({ phase: 'filing', round: 'final' }, { phase: 'admitted', round: 'final' })).toBe(true);
    expect(canMoveTo({ phase: 'filing', round: 'focus' }, { phase: 'admitted', round: 'first' })).toBe(false);
  });
});

describe('settings', () => {
  const { targets } = DEFAULT_SETTINGS;
  test('the defaults are within their bounds and sound', () => {
    expect(Settings.parse(DEFAULT_SETTINGS)).toEqual(DEFAULT_SETTINGS);
    expect(settingIssues(DEFAULT_SETTINGS)).toEqual([]);
  });
  test.each<[rule: string, change: Partial<FollowUpSettings>, issues: number]>([
    ['two heartbeats fit', { leaseMinutes: 5, heartbeatSeconds: 150 }, 0],
    ['two heartbeats do not fit', { leaseMinutes: 5, heartbeatSeconds: 151 }, 1],
    ['as many dials a person as a number', { dialsPerCandidatePerDay: 3 }, 0],
    ['fewer dials a person than a number', { dialsPerCandidatePerDay: 2 }, 1],
    ['group and pool together', { groupAfterMinutes: 60, poolAfterMinutes: 60 }, 0],
    ['pool before group', { groupAfterMinutes: 61, poolAfterMinutes: 60 }, 1],
    ['second reminder with the first', { paperReminderHours: [4, 4] }, 1],
    [
      'basic equals target',
      {
        targets: {
          ...targets,
          arrival: { ...targets.arrival, junior: { basicPerMille: 950, targetPerMille: 950 } },
        },
      },
      0,
    ],
    [
      'basic above target',
      {
        targets: {
          ...targets,
          arrival: { ...targets.arrival, junior: { basicPerMille: 951, targetPerMille: 950 } },
        },
      },
      1,
    ],
  ])('%s', (_rule, change, issues) => {
    expect(settingIssues({ ...DEFAULT_SETTINGS, ...change })).toHaveLength(issues);
  });
  test.each([
    [1, true],
    [10, true],
    [0, false],
    [11, false],
    [2.5, false],
  ])('%s dials a number and day: allowed %s', (dialsPerNumberPerDay, allowed) => {
    expect(Settings.safeParse({ ...DEFAULT_SETTINGS, dialsPerNumberPerDay }).success).toBe(allowed);
  });
  test('what an old version does not name has its default', () => {
    const old = settingsFrom({ leaseMinutes: 30, targets: { contacts: 5 }, forgotten: 1 });
    expect(old).toEqual({ ...DEFAULT_SETTINGS, leaseMinutes: 30, targets: { ...targets, contacts: 5 } });
    expect(settingsFrom(null)).toBe(DEFAULT_SETTINGS);
  });
  test('the difference names each figure by its path', () => {
    const after = settingsFrom({ undoSeconds: 8, retryMinutes: { L3: 90 }, paperReminderHours: [5, 24] });
    expect(settingChanges(DEFAULT_SETTINGS, after)).toEqual([
      { path: ['undoSeconds'], before: 5, after: 8 },
      { path: ['retryMinutes', 'L3'], before: 120, after: 90 },
      { path: ['paperReminderHours'], before: [4, 24], after: [5, 24] },
    ]);
  });
});
