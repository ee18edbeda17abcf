import type { Ctx } from '#platform/db/tenant';
import { newId } from '#platform/ids';
import { flagPhrases } from '#script';
import type { Finishing } from './finishing.ts';
import { insertAttempt } from './ledger.store.ts';
import type { Me } from './me.ts';
import { ruleOf } from './outcome.rules.ts';

/** Keys are chosen by browsers: each counts for its person only. */
export const keyOf = (me: Me, clientKey: string): string => `${me.userId}/${clientKey}`;

/** Writes the attempt with its counters; returns its id. */
export async function recordAttempt(ctx: Ctx, finishing: Finishing): Promise<string> {
  const { me, lease, file, input, outcome } = finishing;
  const row = file.case;
  const id = newId<string>();
  const { contact } = ruleOf(outcome);
  const startedAt = startOf(ctx, finishing);
  const talkSeconds = talkOf(ctx, finishing);
  const { season_id: seasonId, policy_id: policyId, phase, round } = row;
  const who = { callerId: me.userId, groupId: me.profile.groupId };
  const { channel, direction, phoneId, line, answerer, result, note } = input;
  await insertAttempt(ctx, {
    ...{ id, caseId: row.id, candidateId: row.candidate_id, seasonId, policyId, leaseId: lease.id, ...who },
    ...{ phase, round, channel, direction, phoneId, line, answerer, result, outcome, contact, note },
    ...{ startedAt, endedAt: ctx.now, talkSeconds, incomplete: false, clientKey: keyOf(me, input.clientKey) },
    policyVersion: file.policy.version,
    // 十项禁令 6 and 7: the call record stores the version that was spoken.
    scriptVersionId: contact ? lease.script_version_id : null,
    answeredAt: contact ? Math.min(ctx.now, Math.max(startedAt, input.answeredAt ?? startedAt)) : null,
    flagged: note === '' ? [] : (await flagPhrases(ctx, note)).map(({ phraseId }) => phraseId),
  });
  return id;
}

/** Somebody who calls is looked up before the case is in hand; longer than this nobody waits for that. */
const LOOKED_UP_MS = 30 * 60_000;

/** By the browser's clock, which may be hours off: no call of ours begins before its lease, and one to us not long before. */
function startOf(ctx: Ctx, { lease, input }: Finishing): number {
  const said = input.startedAt ?? lease.dial_started_at ?? lease.opened_at;
  const earliest = lease.opened_at - (input.direction === 'in' ? LOOKED_UP_MS : 0);
  return Math.min(ctx.now, Math.max(said, earliest));
}

/** Seconds of talk, when somebody answered; never longer than the call itself, which would be a false record (seed 001). */
export function talkOf(ctx: Ctx, finishing: Finishing): number {
  if (!ruleOf(finishing.outcome).contact) return 0;
  const seconds = Math.ceil((ctx.now - startOf(ctx, finishing)) / 1000);
  return Math.min(finishing.input.talkSeconds, seconds);
}
