import type { Ctx } from '#platform/db/tenant';
import type { Finishing } from './finishing.ts';
import { logMessage, smsText } from './message.ts';
import { keyOf } from './record.ts';
import { readCandidate } from './work.store.ts';

/** Sends the approved text to the number just dialled, as an attempt of its own in the ledger. False: there is none. */
export async function sendPlannedSms(ctx: Ctx, { me, lease, file, input }: Finishing): Promise<boolean> {
  const text = smsText(file, me, await readCandidate(ctx, file.case.id));
  if (text === null || input.phoneId === null) return false;
  await logMessage(ctx, {
    me,
    file,
    leaseId: lease.id,
    channel: 'sms',
    phoneId: input.phoneId,
    outcome: 'sent',
    text,
    talkSeconds: 0,
    clientKey: keyOf(me, `${input.clientKey}-sms`),
  });
  return true;
}
