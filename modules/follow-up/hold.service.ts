import type { Ctx } from '#platform/db/tenant';
import { newId } from '#platform/ids';
import { endCallback } from './callback.store.ts';
import { applyCases, type CaseImage, type CaseRow } from './case.store.ts';
import { insertEscalation } from './escalate.ts';
import { type CaseFile, callScriptOf, loadFile } from './file.ts';
import { type How, openLease, tryPhones } from './lease.store.ts';
import type { Me } from './me.ts';
import { dialBarred, earliestDial, isUsableBy } from './number.rules.ts';
import { staysWithTeam } from './team-only.ts';
import type { Held } from './work.ts';

/** Holding a case: its numbers and the case itself are one caller's, or the case gets the next step that it has. */

/**
 * Takes a row-locked case: its numbers, then the lease, then the journal. Returns what is held now. Null: a number is in use, or there is nothing to dial
 * just now; then the case has got its next time, or its escalation, and the next one is looked at.
 */
export async function hold(
  ctx: Ctx,
  me: Me,
  { row, how, capped = false }: { row: CaseRow; how: How; capped?: boolean },
): Promise<Held | null> {
  const numbers = await tryPhones(ctx, row.candidate_id);
  if (numbers === null) return null;
  const { phoneIds, heldAt: at } = numbers;
  const after = { ...ctx, now: at };
  const file = await loadFile(after, me, row);
  if (isStopped(file, how)) {
    await stop(after, me, row);
    return null;
  }
  if (capped && (await staysWithTeam(after, me, file))) {
    await handUp(after, me, row, 0);
    return null;
  }
  if (capped && how === 'pull' && !(await dialable(after, me, file))) return null;
  const id = newId<string>();
  const lease = await openLease(after, {
    id,
    case: row,
    how,
    phoneIds,
    openedAt: at,
    expiresAt: at + me.settings.leaseMinutes * 60_000,
    before: closedImage(row),
    scriptVersionId: callScriptOf(me, file)?.versionId ?? null,
  });
  if (!lease) return null;
  const image: CaseImage = {
    state: 'leased',
    lease_id: id,
    result: null,
    result_reason: null,
    blocked_reason: null,
    ...(row.owner_id === null && { owner_id: me.userId }),
  };
  const kind = lease.before === null ? 'claimed' : 'reopened';
  await applyCases(after, [{ case: row, kind, at, causeId: id, after: image }]);
  return { lease, file: taken(file, { ...row, ...image, version: row.version + 1 }) };
}

/** What a stopped or finished case is, so that it is so again when nothing comes of the call; null: it is open. */
const closedImage = ({ state, result, result_reason, blocked_reason }: CaseRow): CaseImage | null =>
  state === 'final' || state === 'blocked' ? { state, result, result_reason, blocked_reason } : null;

/** 勿再来电, said in another phase or before a correction: nobody calls. Somebody who answers for a hand-over still sees the file. */
const isStopped = ({ facts, case: row }: CaseFile, how: How): boolean =>
  facts.doNotCall && (how === 'pull' || how === 'callback') && row.escalation_id === null;

async function stop(ctx: Ctx, me: Me, row: CaseRow): Promise<void> {
  if (row.callback_id !== null) await endCallback(ctx, row.callback_id, 'cancelled');
  const after: CaseImage = {
    ...{ state: 'blocked', blocked_reason: 'do_not_call', in_charge_id: row.owner_id ?? me.userId },
    ...{ due_at: null, group_due_at: null, pool_due_at: null, callback_id: null },
  };
  await applyCases(ctx, [{ case: row, kind: 'blocked', at: ctx.now, note: '勿再来电', after }]);
}

/** The file as it is after taking the case: whoever pulls an unowned case owns it now. */
const taken = (file: CaseFile, row: CaseRow): CaseFile => ({
  ...file,
  case: row,
  facts: { ...file.facts, hasOwner: row.owner_id !== null },
});

/** Whether some number may be dialled now. If not, the case is given its next time, or handed upwards when no number is left. */
async function dialable(ctx: Ctx, me: Me, file: CaseFile): Promise<boolean> {
  const { case: row, facts, numbers } = file;
  const moment = { now: ctx.now, window: facts.window, settings: me.settings };
  const { dialledToday, doNotCall } = facts;
  const at = { ...moment, dialledToday, doNotCall, promised: false };
  if (numbers.some((number) => dialBarred(number, at) === null)) return true;
  if (numbers.some((number) => isUsableBy(number, facts.deadlineAt))) await postpone(ctx, me, file);
  else await handUp(ctx, me, row, numbers.length);
  return false;
}

const DAY_MS = 86_400_000;

/** Brothers share a number, and another caller has just used up its dials: later. */
async function postpone(ctx: Ctx, me: Me, { case: row, numbers, facts }: CaseFile): Promise<void> {
  const capped = facts.dialledToday >= me.settings.dialsPerCandidatePerDay;
  const after = capped ? ctx.now + DAY_MS / 2 : ctx.now;
  const at = { after, now: ctx.now, window: facts.window, settings: me.settings };
  const due = Math.min(...numbers.flatMap((number) => earliestDial(number, at) ?? []));
  const shift = due - (row.due_at ?? due);
  await applyCases(ctx, [
    {
      case: row,
      kind: 'released',
      at: ctx.now,
      note: '号码现在都不能拨，改到能拨的时间',
      after: {
        due_at: due,
        group_due_at: row.group_due_at === null ? null : row.group_due_at + shift,
        pool_due_at: row.pool_due_at === null ? null : row.pool_due_at + shift,
      },
    },
  ]);
}

/** L12, or the last number found dead meanwhile: no caller can do anything. Seed 001: shielded numbers go to the escalation team. */
async function handUp(ctx: Ctx, me: Me, row: CaseRow, numbers: number): Promise<void> {
  const none = numbers === 0;
  const summary = none ? '号码被屏蔽或没有任何号码，无法拨打。' : `${numbers} 个号码都已不能拨打，需要查号。`;
  const escalationId = await insertEscalation(ctx, {
    case: row,
    tier: none ? 'escalation_team' : 'leader',
    cause: none ? 'L12' : 'no_number',
    summary,
    settings: me.settings,
  });
  await applyCases(ctx, [
    {
      case: row,
      kind: 'escalated',
      at: ctx.now,
      causeId: escalationId,
      note: summary,
      after: {
        state: 'escalated',
        escalation_id: escalationId,
        last_outcome: none ? 'L12' : row.last_outcome,
      },
    },
  ]);
}
