import * as queue from '#follow-up/contract';
import type { RouteReply } from '#platform/http/route';
import { newId } from '#platform/ids';
import type { Draw } from './random.ts';
import type { DemoPerson, Stage } from './stage.ts';

const MINUTE = 60_000;

type Work = RouteReply<typeof queue.claimRoute>;

/** What a caller holds, as far as the demonstration needs it; null when nothing is in hand. */
function readWork(
  work: Work | null,
): { leaseId: string; numbers: readonly { phoneId: string; barred: string | null }[] } | null {
  const lease = work?.lease;
  return lease ? { leaseId: lease.id, numbers: lease.numbers } : null;
}

/** What happens when a number is dialled, by weight. Shares are invented; the seed gives none. */
const DIALLED = { L5: 24, L3: 8, L6: 3, L7: 5, L1: 3, A5: 8, A7: 4, R1: 30, R3: 11, R2: 4 } as const;
type Said = keyof typeof DIALLED;

const NOTES: Partial<Record<Said, readonly string[]>> = {
  R3: ['家里还在商量，约了晚上再联系。', '关心住宿和食堂，已经介绍。', '想再了解一下专业课程。'],
  A5: ['母亲接听，孩子在外打工。', '爷爷接听，请晚上再打。'],
  R2: ['考虑复读，已说明需要本人和家长签名的申请书。'],
  R1: ['信息核对无误，已提醒从学校官网公布的渠道核对通知书地址。'],
};

/** One caller at the telephone: pulls, calls, notes the outcome, until the time is over or nothing is due. Returns contacts made. */
export async function workSession(
  stage: Stage,
  caller: DemoPerson,
  draw: Draw,
  given: { from: number; calls: number },
): Promise<number> {
  stage.setClock(given.from);
  let work = readWork(await stage.attempt(caller, queue.claimRoute, { body: {} }));
  let done = 0;
  while (work && done < given.calls) {
    const phone = work.numbers.find((number) => number.barred === null);
    if (!phone) {
      work = readWork(
        await stage.attempt(caller, queue.skipRoute, {
          params: { leaseId: work.leaseId },
          body: { reason: 'wrong_number_data', note: '', next: true },
        }),
      );
      done += 1;
      continue;
    }
    const startedAt = stage.now();
    await stage.attempt(caller, queue.dialRoute, {
      params: { leaseId: work.leaseId },
      body: { phoneId: phone.phoneId },
    });
    const said = draw.weighted(DIALLED);
    stage.setClock(startedAt + (said.startsWith('L') ? 1 : 3 + draw.below(6)) * MINUTE);
    work = await finish(stage, caller, draw, { work, phoneId: phone.phoneId, said, startedAt });
    done += 1;
    stage.setClock(stage.now() + (1 + draw.below(3)) * MINUTE);
  }
  if (work)
    await stage.attempt(caller, queue.skipRoute, {
      params: { leaseId: work.leaseId },
      body: { reason: 'called_away', note: '', next: false },
    });
  return done;
}

interface Calling {
  readonly work: NonNullable<ReturnType<typeof readWork>>;
  readonly phoneId: string;
  readonly said: Said;
  readonly startedAt: number;
}

/** Notes the outcome; where a rule refuses it (one number only, binding province), what a careful caller would note instead. */
async function finish(
  stage: Stage,
  caller: DemoPerson,
  draw: Draw,
  calling: Calling,
): Promise<ReturnType<typeof readWork>> {
  const { work, phoneId, startedAt } = calling;
  const tries: Said[] = [calling.said, 'R3', 'A5', 'L5'];
  if (calling.said === 'R3' && draw.chance(60)) {
    await stage.attempt(caller, queue.signalsRoute, {
      params: { leaseId: work.leaseId },
      body: { codes: [draw.pick(['cost_concern', 'distance', 'undecided', 'hearsay'])] },
    });
  }
  for (const said of tries) {
    const onLine = said.startsWith('L');
    const talkSeconds = onLine ? 0 : Math.floor((stage.now() - startedAt) / 1000) - 10;
    const answer = await stage.attempt(caller, queue.finishRoute, {
      params: { leaseId: work.leaseId },
      body: {
        clientKey: newId(),
        phoneId,
        line: onLine ? (said as 'L5') : null,
        answerer: said.startsWith('A') ? (said as 'A5') : null,
        result: said.startsWith('R') ? (said as 'R1') : null,
        ...{
          startedAt,
          answeredAt: onLine ? null : startedAt + 10_000,
          talkSeconds,
          checked: { major: true, identity: true },
        },
        note: draw.pick(NOTES[said] ?? ['']),
      },
    });
    if (answer) return readWork(answer);
  }
  throw new Error(`demonstration: no outcome of lease ${work.leaseId} was taken`);
}
