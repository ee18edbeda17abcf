import * as queue from '#follow-up/contract';
import type { RouteInput } from '#platform/http/route';
import { newId } from '#platform/ids';
import type { DemoPerson, Stage } from './stage.ts';

const MINUTE = 60_000;

type FinishBody = RouteInput<typeof queue.finishRoute>['body'];

/** What came of one call that a part of the story needs. */
export interface Said {
  readonly outcome:
    | { answerer: NonNullable<FinishBody['answerer']> }
    | { result: NonNullable<FinishBody['result']> };
  readonly note: string;
  readonly callback?: FinishBody['callback'];
  readonly escalation?: FinishBody['escalation'];
}

export interface Talked {
  readonly caller: DemoPerson;
  readonly caseId: string;
}

/**
 * One answered call by the first of these callers who has somebody to call. Where a rule refuses the outcome (a deadline, one number only),
 * the call is noted as answered by the family, and the next caller tries. Null when nobody has work.
 */
export async function talk(stage: Stage, callers: readonly DemoPerson[], said: Said): Promise<Talked | null> {
  for (const caller of callers) {
    const work = await stage.attempt(caller, queue.claimRoute, { body: {} });
    const lease = work?.lease;
    if (!lease) continue;
    const params = { leaseId: lease.id };
    const phone = lease.numbers.find(({ barred }) => barred === null);
    if (!phone) {
      const body = { reason: 'called_away', note: '', next: false } as const;
      await stage.attempt(caller, queue.skipRoute, { params, body });
      continue;
    }
    const startedAt = stage.now();
    await stage.act(caller, queue.dialRoute, { params, body: { phoneId: phone.phoneId } });
    stage.setClock(startedAt + 4 * MINUTE);
    const call = {
      ...{ clientKey: newId(), phoneId: phone.phoneId, line: null, answerer: null, result: null },
      ...{ startedAt, answeredAt: startedAt + 10_000, talkSeconds: 220, next: false },
    };
    const told = { note: said.note, callback: said.callback ?? null, escalation: said.escalation ?? null };
    const done = await stage.attempt(caller, queue.finishRoute, {
      params,
      body: { ...call, ...said.outcome, ...told },
    });
    stage.setClock(stage.now() + MINUTE);
    if (done) return { caller, caseId: lease.case.id };
    const body = { ...call, answerer: 'A5', note: '家人接听，晚上再联系。' } as const;
    await stage.act(caller, queue.finishRoute, { params, body });
  }
  return null;
}
