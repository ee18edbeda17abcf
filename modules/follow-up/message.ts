import type { Ctx } from '#platform/db/tenant';
import { newId } from '#platform/ids';
import { sendLater } from '#platform/outbox';
import { type MergeKey, mergeText } from '#script/rules';
import { provinceName } from '#season/rules';
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
  readonly talkSeconds: number;
  readonly clientKey: string;
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
    scriptVersionId: given.channel === 'sms' ? (file.smsScript?.versionId ?? null) : null,
    startedAt: ctx.now,
    answeredAt: contact ? ctx.now : null,
    endedAt: ctx.now,
    talkSeconds: given.talkSeconds,
    note: given.text,
    flagged: [],
    incomplete: false,
    clientKey: given.clientKey,
  });
  const number = file.numbers.find(({ phoneId }) => phoneId === given.phoneId)?.phone.number;
  if (given.channel === 'sms' && number !== undefined) {
    await sendLater(ctx, { channel: 'sms', recipient: number, body: given.text, reference: id });
  }
  return id;
}

/** The approved text message with its fields filled in; null: none is approved. */
export function smsText(
  file: CaseFile,
  me: Me,
  candidate: { name: string; majorName: string | null },
): string | null {
  const say = file.smsScript?.body.steps[0]?.say;
  if (say === undefined) return null;
  const values: Partial<Record<MergeKey, string>> = {
    caller: me.profile.name,
    college: me.season?.collegeName ?? '',
    candidate: candidate.name,
    year: String(me.season?.year ?? ''),
    province: provinceName(file.policy.provinceCode),
    ...(candidate.majorName !== null && { major: candidate.majorName }),
  };
  return mergeText(say, values);
}
