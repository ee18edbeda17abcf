import { sql } from 'kysely';
import { followUpModule, type WorkView } from '#follow-up';
import { newId } from '#platform/ids';
import { makeLog } from '#platform/log';
import { type Person, request } from '#platform/testing/app';
import { foldCounters } from '#report';
import { OUTCOMES } from '../../../modules/follow-up/outcome.rules.ts';
import type { Draw } from '../../demo/random.ts';
import { type College, pass, post, rowsOf } from './college.ts';

/** What the people of a college do, drawn at random: calls, undos, corrections, late results, messages, moved owners, folding in between. */

type Lease = NonNullable<WorkView['lease']>;

const CODES = Object.keys(OUTCOMES).filter((code) => !['L12', 'R10', 'R11'].includes(code));
const answerOf = (code: string) => ({
  line: code.startsWith('L') ? code : null,
  answerer: code.startsWith('A') ? code : null,
  result: code.startsWith('R') ? code : null,
});
const checked = { major: true, identity: true };

export interface Made {
  readonly attemptId: string;
  readonly caller: Person;
}

async function call(college: College, draw: Draw, caller: Person, work: WorkView): Promise<WorkView | null> {
  const { lease } = work;
  if (!lease) return null;
  const numbers = lease.numbers.filter(({ barred }) => barred === null);
  const direction = draw.chance(10) ? 'in' : 'out';
  const phoneId = numbers.length > 0 ? draw.pick(numbers).phoneId : null;
  if (direction === 'out' && phoneId === null) {
    await post(college, caller, `/queue/leases/${lease.id}/skip`, {
      reason: 'other',
      note: '没有号码',
      next: false,
    });
    return null;
  }
  const startedAt = college.now;
  pass(college, 1 + draw.below(9));
  for (const code of [draw.pick(CODES), draw.pick(CODES), 'A5', 'L5']) {
    const said = { ...answerOf(code), checked, phoneId, direction, startedAt, answeredAt: null };
    const body = { ...said, clientKey: newId(), talkSeconds: draw.below(400), note: '', next: false };
    const done = await post(college, caller, `/queue/leases/${lease.id}/finish`, body);
    if (done.status === 200) return done.body as WorkView;
  }
  return null;
}

async function expire(college: College, draw: Draw, caller: Person, lease: Lease): Promise<void> {
  const phone = lease.numbers.find(({ barred }) => barred === null);
  if (phone) await post(college, caller, `/queue/leases/${lease.id}/dial`, { phoneId: phone.phoneId });
  const { world, app } = college;
  pass(college, 45);
  const sweeper = followUpModule.recurring?.find(({ name }) => name === 'expired leases');
  await sweeper?.run({
    ...{ env: world.env, files: world.files, tenantId: world.tenantId },
    log: makeLog('silent'),
  });
  const work = (await request(app, caller, { method: 'GET', url: '/queue' })).body as WorkView;
  for (const { attemptId } of work.incomplete) {
    const said = { ...answerOf(draw.pick(['L5', 'L11', 'R3', 'R4', 'A5'])), checked, talkSeconds: 30 };
    await post(college, caller, `/queue/attempts/${attemptId}/complete`, said);
  }
}

async function amend(college: College, draw: Draw, made: readonly Made[]): Promise<void> {
  if (made.length === 0) return;
  const { attemptId, caller } = draw.pick(made);
  const body = {
    ...answerOf(draw.pick(CODES)),
    checked,
    talkSeconds: draw.below(300),
    reason: '听录音后更正',
  };
  await post(
    college,
    draw.chance(50) ? caller : college.office,
    `/queue/attempts/${attemptId}/correct`,
    body,
  );
}

async function move(college: College, draw: Draw): Promise<void> {
  const { office, callers } = college;
  const reason = '随机调整归属';
  const rows = await rowsOf(college, sql<{ id: string }>`select id from follow_up_case order by id`);
  const caseIds = [draw.pick(rows).id, draw.pick(rows).id];
  const toUserId = draw.pick(callers).userId;
  await draw.pick([
    () => post(college, office, '/assignments/reassign', { caseIds, toUserId, reason }),
    () =>
      post(college, office, '/assignments/take-back', {
        caseIds,
        to: draw.chance(50) ? 'group' : 'pool',
        reason,
      }),
    () => post(college, office, '/assignments/balance', { groupId: null, started: true, reason }),
    () => post(college, office, '/assignments/return-all', { userId: toUserId, reason }),
  ])();
}

/** One thing that somebody does, drawn by weight; a call that stands is kept in `made`. */
export async function step(college: College, draw: Draw, made: Made[]): Promise<void> {
  const what = draw.weighted({ call: 60, amend: 14, move: 7, expire: 5, message: 8, fold: 4, rest: 2 });
  pass(college, draw.below(12));
  if (what === 'rest') return pass(college, 600);
  if (what === 'fold') return foldCounters(college.world.env, college.world.tenantId);
  if (what === 'amend') return amend(college, draw, made);
  if (what === 'move') return move(college, draw);
  const caller = draw.pick(college.callers);
  const work = (await post(college, caller, '/queue/claim', {})).body as WorkView;
  const { lease } = work;
  if (!lease) return;
  if (what === 'expire') return expire(college, draw, caller, lease);
  if (what === 'message') {
    const outcome = draw.pick(['sent', 'answered', 'added', 'declined']);
    const body = {
      clientKey: newId(),
      channel: 'wechat',
      phoneId: null,
      outcome,
      text: '您好',
      talkSeconds: 40,
    };
    await post(college, caller, `/queue/leases/${lease.id}/messages`, body);
  }
  const after = await call(college, draw, caller, work);
  const attemptId = after?.undo?.attemptId;
  if (!attemptId) return;
  if (draw.chance(15)) await post(college, caller, `/queue/attempts/${attemptId}/undo`, {});
  else made.push({ attemptId, caller });
}
