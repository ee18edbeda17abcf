import { claim, finishAndNext, type WorkView } from '#follow-up';
import type { FinishInput } from '#follow-up/contract';
import { type Caller, type Env, inTenant } from '#platform/db/tenant';
import { form } from './calls.ts';

/** One caller's turns under adversity: every form sent twice, clocks that go wrong, walking away, dying before the commit. */

export interface Heard {
  /** A form that the caller was told is saved: its key. */
  acknowledged(key: string): void;
  /** A connection that was cut under a request. */
  cut(): void;
}

const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;
const ANSWERS: readonly Partial<FinishInput>[] = [
  { line: 'L6' },
  { line: 'L11' },
  { answerer: 'A10' },
  { line: 'L1' },
  { answerer: 'A1' },
  { result: 'R1', checked: { major: true, identity: true } },
  { result: 'R3' },
  { result: 'R2' },
  { result: 'R5' },
  { result: 'R6' },
  { result: 'R3', escalation: { tier: 'leader', summary: '需要组长跟进' } },
];
const HOUR = 3_600_000;
const SKEW = [-3 * HOUR, 0, 0, 3 * HOUR];

/** What the browser says about time, by a clock that may be hours off. */
function byTheirClock(): Pick<FinishInput, 'startedAt' | 'answeredAt' | 'talkSeconds'> {
  const now = Date.now() + pick(SKEW);
  return { startedAt: now - 60_000, answeredAt: now - 50_000, talkSeconds: 50 };
}

const isCut = (error: unknown): boolean =>
  error instanceof Error && /terminat|closed|reset|ECONN|not queryable|timeout exceeded/i.test(error.message);

type UseCase = Parameters<typeof inTenant<Awaited<ReturnType<typeof claim>>>>[2];

async function ask(env: Env, who: Caller, heard: Heard, work: UseCase): Promise<WorkView | null> {
  const result = await inTenant(env, who, work).catch((error: unknown) => {
    if (!isCut(error)) throw error;
    heard.cut();
    return null;
  });
  return result?.ok ? result.value : null;
}

/** Pulls, then finishes twice with the same form, or walks away in the middle. */
export async function turn(env: Env, who: Caller, heard: Heard): Promise<void> {
  const work = await ask(env, who, heard, (ctx) => claim(ctx, {}));
  if (!work?.lease) return;
  const leaseId = work.lease.id;
  const sent = form(work, { ...pick(ANSWERS), ...byTheirClock(), next: Math.random() < 0.7 });
  const send = () =>
    ask(env, who, heard, (ctx) => finishAndNext(ctx, leaseId, sent) as ReturnType<typeof claim>);
  const fate = Math.random();
  if (fate < 0.1) return;
  if (fate < 0.2) return abort(env, who, { leaseId, sent });
  const answers = await Promise.all([send(), send()]);
  if (answers.some((answer) => answer !== null)) heard.acknowledged(`${who.actor.userId}/${sent.clientKey}`);
}

/** The client dies after the work and before the commit. */
async function abort(
  env: Env,
  who: Caller,
  { leaseId, sent }: { leaseId: string; sent: FinishInput },
): Promise<void> {
  const dead = new Error('the client is gone: closed');
  await inTenant(env, who, async (ctx) => {
    await finishAndNext(ctx, leaseId, sent);
    throw dead;
  }).catch((error: unknown) => {
    if (error !== dead && !isCut(error)) throw error;
  });
}
