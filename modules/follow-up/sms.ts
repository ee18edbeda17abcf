import type { Ctx } from '#platform/db/tenant';
import { mergeText } from '#script/rules';
import type { Finishing } from './finishing.ts';
import { mergeValues } from './merge.rules.ts';
import { logMessage } from './message.ts';
import { ruleOf } from './outcome.rules.ts';
import { keyOf } from './record.ts';
import { undoUntil } from './undo-image.ts';
import { readCandidate } from './work.store.ts';

/**
 * Sends the approved text for this outcome to the number just dialled, as an attempt of its own in the ledger; it leaves when the result can
 * no longer be undone. False: there is none.
 */
export async function sendPlannedSms(
  ctx: Ctx,
  { me, lease, file, input, outcome }: Finishing,
): Promise<boolean> {
  const { occasion } = ruleOf(outcome);
  const script = occasion && file.sms.get(occasion);
  const say = script?.body.steps[0]?.say;
  if (script === undefined || say === undefined || input.phoneId === null) return false;
  const values = mergeValues({
    callerName: me.profile.name,
    collegeName: me.season?.collegeName ?? '',
    year: me.season?.year ?? 0,
    candidate: await readCandidate(ctx, file.case.id),
    withdrawalDeadlineAt: file.policy.withdrawalDeadlineAt,
    now: ctx.now,
  });
  await logMessage(ctx, {
    me,
    file,
    leaseId: lease.id,
    channel: 'sms',
    phoneId: input.phoneId,
    outcome: 'sent',
    text: mergeText(say, values),
    scriptVersionId: script.versionId,
    talkSeconds: 0,
    clientKey: keyOf(me, `${input.clientKey}-sms`),
    leavesAt: undoUntil(ctx.now, me.settings) + 1,
  });
  return true;
}
