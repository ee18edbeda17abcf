import type { Ctx } from '#platform/db/tenant';
import { type Instant, newId } from '#platform/ids';
import { sendLater } from '#platform/outbox';
import type { CaseFile } from './file.ts';
import { insertAttempt } from './ledger.store.ts';
import type { Me } from './me.ts';

export interface Messaging {
  readonly me: Me;
  readonly file: CaseFile;
  readonly leaseId: string;
  readonly channel: 'sms' | 'wechat' | 'qq' | 'weibo';
  readonly phoneId: string | null;
  /** A message outcome: sent, added, answered, not_found, declined. */
  readonly outcome: string;
  readonly text: string;
  /** The approved text that was sent; null: written by the caller. */
  readonly scriptVersionId: string | null;
  readonly talkSeconds: number;
  readonly clientKey: string;
  /** A text message leaves only then, so that an undo can recall it; absent: at once. */
  readonly leavesAt?: Instant;
}

/** Writes a message into the ledger; a text message also goes to the outbox. Returns the attempt's id. */
export async function logMessage(ctx: Ctx, given: Messaging): Promise<string> {
  const { me, file } = given;
  const row = file.case;
  const id = newId<string>();
  const contact = given.outcome === 'answered';
  await insertAttempt(ctx, {
    id,
    caseId: row.id,
    candidateId: row.candidate_id,
    seasonId: row.season_id,
    policyId: row.policy_id,
    leaseId: given.leaseId,
    callerId: me.userId,
    groupId: me.profile.groupId,
    phase: row.phase,
    round: row.round,
    channel: given.channel,
    direction: 'out',
    phoneId: given.phoneId,
    line: null,
    answerer: null,
    result: null,
    outcome: given.outcome,
    contact,
    policyVersion: file.policy.version,
    scriptVersionId: given.scriptVersionId,
    startedAt: ctx.now,
    answeredAt: contact ? ctx.now : null,
    endedAt: ctx.now,
    // Only an answer is talk, as with calls; the case counts it so too.
    talkSeconds: contact ? given.talkSeconds : 0,
    note: given.text,
    flagged: [],
    incomplete: false,
    clientKey: given.clientKey,
  });
  const number = file.numbers.find(({ phoneId }) => phoneId === given.phoneId)?.phone.number;
  if (given.channel === 'sms' && number !== undefined) {
    const text = { channel: 'sms', recipient: number, body: given.text, reference: id };
    await sendLater(ctx, text, given.leavesAt);
  }
  return id;
}
