import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyFollowUp } from '#follow-up';
import { request } from '#platform/testing/app';
import { foldCounters } from '#report';
import {
  caseCountsOf,
  NO_TALLY,
  type Tally,
  tallyOf,
  UNDONE_TALLY,
} from '../../modules/follow-up/tally.rules.ts';
import { drawFrom } from '../demo/random.ts';
import { type College, deliver, double, openCollege, post, release, rowsOf } from './testing/college.ts';
import { type Made, step } from './testing/random-work.ts';

/**
 * Counters are never counted again in production. Here a season is drawn at random (calls, undos, corrections, late results, messages, moved
 * owners, merged files, an undone import, folding in between) and then counted again from its ledger: every sum must be the same.
 */

const STEPS = 260;

let college: College;
beforeAll(async () => {
  college = await openCollege();
});
afterAll(() => college.close());

interface Attempt {
  readonly caseId: string;
  readonly callerId: string;
  readonly groupId: string;
  readonly policyId: string;
  readonly phase: string;
  readonly channel: string;
  readonly direction: 'in' | 'out';
  readonly startedAt: number;
  readonly outcome: string;
  readonly contact: boolean;
  readonly talkSeconds: number;
  readonly undone: boolean;
}

/** The ledger as it counts now: the last amendment of each attempt, put together here and not by the code under test. */
async function ledger(college: College): Promise<Attempt[]> {
  const attempts = await rowsOf(
    college,
    sql<Attempt & { id: string }>`
      select id, case_id as "caseId", caller_id as "callerId", coalesce(group_id, '00000000-0000-0000-0000-000000000000') as "groupId",
        policy_id as "policyId", phase, channel, direction, started_at as "startedAt", outcome, counts_as_contact as contact,
        talk_seconds as "talkSeconds", false as undone
      from attempt`,
  );
  const amendments = await rowsOf(
    college,
    sql<{ id: string; kind: string; after: Partial<Attempt> }>`
      select attempt_id as id, kind, after from attempt_correction order by corrected_at, id`,
  );
  const last = new Map(amendments.map((one) => [one.id, one]));
  return attempts.map((attempt) => {
    const { kind, after } = last.get(attempt.id) ?? { kind: '', after: {} };
    return kind === 'undone' ? { ...attempt, undone: true } : { ...attempt, ...after };
  });
}

const NAMES: readonly (readonly [keyof Tally, string])[] = [
  ['attempts', 'attempts'],
  ['dials', 'dials'],
  ['contacts', 'contacts'],
  ['refusals', 'refusals'],
  ['unreached', 'unreached'],
  ['unknownEligibility', 'unknown_eligibility'],
  ['notEligible', 'not_eligible'],
  ['confirmed', 'confirmed'],
  ['considering', 'considering'],
  ['withdrawing', 'withdrawing'],
  ['talkSeconds', 'talk_seconds'],
  ['discarded', 'discarded'],
];

const GRAINS: Readonly<Record<string, (attempt: Attempt, at: Date) => string>> = {
  caller: ({ callerId, groupId }) => `${callerId} ${groupId}`,
  caller_day: ({ callerId, groupId }, at) => `${callerId} ${groupId} ${at.toISOString().slice(0, 10)}`,
  policy: ({ policyId, phase }) => `${policyId} ${phase}`,
  policy_day: ({ policyId, phase }, at) => `${policyId} ${phase} ${at.toISOString().slice(0, 10)}`,
  hour: (_attempt, at) => `${at.getUTCDay()} ${at.getUTCHours()}`,
};
const KEYS: Readonly<Record<string, string>> = {
  caller: `caller_id || ' ' || group_id`,
  caller_day: `caller_id || ' ' || group_id || ' ' || day`,
  policy: `policy_id || ' ' || phase`,
  policy_day: `policy_id || ' ' || phase || ' ' || day`,
  hour: `weekday || ' ' || hour`,
};

const adding = (one: Tally, other: Tally): Tally =>
  Object.fromEntries(NAMES.map(([name]) => [name, one[name] + other[name]])) as unknown as Tally;

function recount(attempts: readonly Attempt[], keyOf: (attempt: Attempt, at: Date) => string) {
  const sums = new Map<string, Tally>();
  for (const attempt of attempts) {
    // China has one offset all year.
    const key = keyOf(attempt, new Date(attempt.startedAt + 8 * 3_600_000));
    sums.set(key, adding(sums.get(key) ?? NO_TALLY, attempt.undone ? UNDONE_TALLY : tallyOf(attempt)));
  }
  return sums;
}

const isNothing = (tally: Tally): boolean => NAMES.every(([name]) => tally[name] === 0);
const sorted = (sums: ReadonlyMap<string, Tally>): [string, Tally][] =>
  [...sums].filter(([, tally]) => !isNothing(tally)).sort(([one], [other]) => (one < other ? -1 : 1));

test('every counter equals what its ledger gives when it is counted again', {
  timeout: 240_000,
}, async () => {
  const { world } = college;
  const draw = drawFrom(20_260_722);
  await deliver(college, '51', 22);
  await deliver(college, '52', 18);
  const mistaken = await deliver(college, '53', 9);
  expect(
    await post(college, college.clerk, `/imports/${mistaken}/undo`, { reason: '省份选错了' }),
  ).toMatchObject({
    status: 200,
  });
  await double(college, '51');
  const wrong = await double(college, '52');
  expect(
    await post(college, college.clerk, `/candidates/merges/${wrong}/undo`, { reason: '核对后不是同一人' }),
  ).toMatchObject({
    status: 204,
  });
  await release(college);
  const made: Made[] = [];
  for (let n = 0; n < STEPS; n += 1) await step(college, draw, made);

  const attempts = await ledger(college);
  expect(attempts.length).toBeGreaterThan(80);
  expect(attempts.some(({ undone }) => undone)).toBe(true);
  await foldCounters(world.env, world.tenantId);
  for (const [grain, keyOf] of Object.entries(GRAINS)) {
    const columns = NAMES.map(([name, column]) => `${column} as "${name}"`).join(', ');
    const rows = await rowsOf(
      college,
      sql.raw<Tally & { key: string }>(
        `select ${KEYS[grain]} as key, ${columns} from contact_tally where grain = '${grain}'`,
      ),
    );
    const found = new Map(rows.map(({ key, ...tally }) => [key, tally]));
    expect([grain, sorted(found)]).toEqual([grain, sorted(recount(attempts, keyOf))]);
  }
  await casesAgree(college, attempts);
  expect(await world.as('system', verifyFollowUp)).toMatchObject({ faults: [] });
  const board = await request(college.app, college.office, { method: 'GET', url: '/reports/wallboard' });
  expect(board.body.conservation).toMatchObject({ candidates: 41, unreleased: 0, gap: 0 });
});

/** Sums of cases by owner and by policy, and the counts that each case carries. */
async function casesAgree(college: College, attempts: readonly Attempt[]): Promise<void> {
  const split = {
    owner: `phase || ' ' || owner_id || ' ' || group_id`,
    policy: `policy_id || ' ' || phase || ' ' || round`,
  };
  const nil = `'00000000-0000-0000-0000-000000000000'::uuid`;
  for (const [grain, key] of Object.entries(split)) {
    const state = `' ' || state || ' ' || disposition || ' ' || coalesce(result, '')`;
    const counted = await rowsOf(
      college,
      sql.raw(
        `select ${key} || ${state} as key, sum(cases)::int as n from case_tally where grain = '${grain}' group by 1 order by 1`,
      ),
    );
    const cases = await rowsOf(
      college,
      sql.raw(`select ${key} || ${state} as key, count(*)::int as n from (
        select phase, policy_id, round, coalesce(owner_id, ${nil}) as owner_id, coalesce(group_id, ${nil}) as group_id, state, disposition, result
        from follow_up_case) c group by 1 order by 1`),
    );
    expect([grain, counted]).toEqual([grain, cases]);
  }
  const rows = await rowsOf(
    college,
    sql<{ id: string }>`
      select id, attempts, dials, contacts, talk_seconds, refusals, unanswered, considered from follow_up_case order by id`,
  );
  const mine = Map.groupBy(
    attempts.filter(({ undone }) => !undone),
    ({ caseId }) => caseId,
  );
  const nothing = {
    attempts: 0,
    dials: 0,
    contacts: 0,
    talk_seconds: 0,
    refusals: 0,
    unanswered: 0,
    considered: 0,
  };
  expect(rows).toEqual(
    rows.map(({ id }) => ({
      id,
      ...(mine.get(id) ?? [])
        .map(caseCountsOf)
        .reduce(
          (sum, one) =>
            Object.fromEntries(
              Object.entries(sum).map(([name, count]) => [name, count + one[name as keyof typeof one]]),
            ) as unknown as typeof nothing,
          nothing,
        ),
    })),
  );
}
