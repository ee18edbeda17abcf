import { z } from 'zod';
import { checkOutcome, handOverBarred, type OutcomeRefusal } from '../check.rules.ts';
import type { FinishBody } from '../contract.ts';
import { decideNext } from '../decide.rules.ts';
import { type CallStage, stageFor } from '../key.rules.ts';
import { type Answer, type Outcome, RESULTS, ruleOf } from '../outcome.rules.ts';
import {
  type HandOver,
  type LeaseData,
  type NumberData,
  OutcomeCode,
  type WorkView,
} from '../work.contract.ts';

/** What a caller has done and typed under one lease, and what follows from it. No clock: `now` is passed. */

export type Settings = NonNullable<WorkView['settings']>;

const AgreedTime = z.object({ at: z.number(), scope: z.enum(['owner', 'group', 'any']), note: z.string() });

/** Kept on the server while the lease is open, so that neither a reload nor a new login loses it. */
export const Draft = z.object({
  phoneId: z.string().nullable().default(null),
  note: z.string().default(''),
  /** After an undo the lease is a new one; the call was dialled under the one before. */
  dialledAt: z.number().nullable().default(null),
  answeredAt: z.number().nullable().default(null),
  endedAt: z.number().nullable().default(null),
  outcome: OutcomeCode.nullable().default(null),
  callback: AgreedTime.nullable().default(null),
  checked: z.object({ major: z.boolean(), identity: z.boolean() }).default({ major: false, identity: false }),
  /** For 方言 / 沟通障碍: what the next caller should speak. */
  dialect: z.string().nullable().default(null),
  /** Steps of the script that were gone through; the last one is in view. */
  trail: z.array(z.string()).default([]),
  branch: z.number().default(0),
});
export type DraftState = z.output<typeof Draft>;

export const emptyDraft: DraftState = Draft.parse({});

/** The draft as the server kept it; anything unreadable counts as nothing typed. */
export function readDraft(text: string | null): DraftState {
  if (text === null) return emptyDraft;
  try {
    return Draft.safeParse(JSON.parse(text)).data ?? emptyDraft;
  } catch {
    return emptyDraft;
  }
}

const NOTE_MAX = 2000;
export const draftText = (draft: DraftState): string =>
  JSON.stringify({ ...draft, note: draft.note.slice(0, NOTE_MAX) });

/** After an undo: the call and what was typed come back, the outcome has to be chosen anew. */
export const draftAfterUndo = (
  kept: DraftState,
  { dialStartedAt, phoneId }: Pick<LeaseData, 'dialStartedAt' | 'phoneId'>,
): DraftState => ({
  ...kept,
  dialledAt: dialStartedAt ?? kept.dialledAt,
  phoneId: phoneId ?? kept.phoneId,
  outcome: null,
  checked: { major: false, identity: false },
});

export type CallPhase = 'idle' | 'ringing' | 'talking' | 'ended';

type HeldLease = Pick<LeaseData, 'how' | 'dialStartedAt' | 'openedAt'>;

/** A caller on the line: the case was taken over because the candidate called. */
export const isInbound = ({ how }: Pick<LeaseData, 'how'>): boolean => how === 'takeover';

/** When the number was dialled; null: not yet. */
export const dialledAt = (lease: HeldLease, draft: DraftState): number | null =>
  lease.dialStartedAt ?? draft.dialledAt;

export function callPhase(lease: HeldLease, draft: DraftState): CallPhase {
  if (dialledAt(lease, draft) === null && !isInbound(lease)) return 'idle';
  if (draft.endedAt !== null) return 'ended';
  return answeredAt(lease, draft) === null ? 'ringing' : 'talking';
}

export const answeredAt = (lease: HeldLease, draft: DraftState): number | null =>
  draft.answeredAt ?? (isInbound(lease) && lease.dialStartedAt === null ? lease.openedAt : null);

export const talkSeconds = (lease: HeldLease, draft: DraftState, now: number): number => {
  const from = answeredAt(lease, draft);
  return from === null
    ? 0
    : Math.min(14_400, Math.max(0, Math.round(((draft.endedAt ?? now) - from) / 1000)));
};

/** The number in use: the one that was dialled, else the one chosen, else the first that may be dialled. */
export function chosenNumber(
  lease: Pick<LeaseData, 'numbers' | 'phoneId' | 'dialStartedAt'>,
  draft: DraftState,
) {
  const byId = (id: string | null): NumberData | undefined =>
    lease.numbers.find(({ phoneId }) => id !== null && phoneId === id);
  const dialled = lease.dialStartedAt === null ? undefined : byId(lease.phoneId);
  return (
    dialled ??
    byId(draft.phoneId) ??
    lease.numbers.find(({ barred }) => barred === null) ??
    lease.numbers[0] ??
    null
  );
}

export const stageOf = (lease: LeaseData, draft: DraftState): CallStage =>
  stageFor(answeredAt(lease, draft) !== null, chosenNumber(lease, draft)?.relation ?? 'unknown');

export type Preview =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: OutcomeRefusal; readonly message: string };

interface PreviewQuery {
  readonly lease: LeaseData;
  readonly draft: DraftState;
  readonly settings: Settings;
  readonly now: number;
  readonly escalationTeam: boolean;
  /** Handed upwards in the same step. */
  readonly handOver?: HandOverData | null;
}

export type HandOverData = z.output<typeof HandOver>;

/** What saving this outcome would lead to, or why it cannot be saved: by the rules that the server asks again. */
export function preview(outcome: Outcome, query: PreviewQuery): Preview {
  const { lease, draft, settings, now, escalationTeam, handOver = null } = query;
  const context = {
    facts: lease.facts,
    numbers: lease.numbers,
    now,
    escalationTeam,
    numbersBeforeConfirmed: settings.numbersBeforeConfirmed,
  };
  const callback = draft.callback;
  const checked = checkOutcome({ ...answerOf(outcome), callback, checked: draft.checked }, context);
  if (!checked.ok) return { ok: false, ...checked.error };
  const barred = handOver && handOverBarred(outcome, handOver.tier);
  if (barred) return { ok: false, code: 'outcome_not_allowed', message: barred };
  const phoneId = chosenNumber(lease, draft)?.phoneId ?? null;
  const { consequence } = decideNext(
    lease.facts,
    lease.numbers,
    { outcome, phoneId, callback, escalation: handOver },
    { now, settings },
  );
  return { ok: true, text: consequence.replace(/^.*? → /, '') };
}

const isResult = (outcome: Outcome): outcome is (typeof RESULTS)[number] =>
  (RESULTS as readonly string[]).includes(outcome);

/** The three answers of an attempt for the one code that was chosen. */
export function answerOf(outcome: Outcome): Answer {
  const none = { line: null, answerer: null, result: null };
  if (isResult(outcome)) return { ...none, result: outcome };
  return outcome.startsWith('A')
    ? { ...none, answerer: outcome as Answer['answerer'] }
    : { ...none, line: outcome as Answer['line'] };
}

/** Hard to make good again, so a single key never saves them. */
const CAREFUL: ReadonlySet<Outcome> = new Set(['R2', 'R5', 'R6', 'R8', 'R9', 'R11']);

/**
 * Whether pressing a result key saves at once. What the line did needs nothing more; after hanging up any ordinary result does
 * too; while talking, and for grave results, the first press chooses and the second one (or Ctrl+Enter) saves.
 */
export function savesAtOnce(outcome: Outcome, phase: CallPhase, chosen: Outcome | null): boolean {
  if (chosen === outcome) return true;
  if (CAREFUL.has(outcome)) return false;
  return !ruleOf(outcome).contact ? outcome.startsWith('L') || phase === 'ended' : phase === 'ended';
}

export interface FinishQuery {
  readonly lease: LeaseData;
  readonly draft: DraftState;
  readonly outcome: Outcome;
  readonly now: number;
  readonly clientKey: string;
  readonly next: boolean;
  readonly handOver?: HandOverData | null;
}

export function finishBody({ lease, draft, outcome, now, clientKey, next, handOver = null }: FinishQuery) {
  return {
    clientKey,
    channel: 'phone',
    direction: isInbound(lease) && lease.dialStartedAt === null ? 'in' : 'out',
    phoneId: chosenNumber(lease, draft)?.phoneId ?? null,
    ...answerOf(outcome),
    startedAt: dialledAt(lease, draft) ?? (isInbound(lease) ? lease.openedAt : null),
    answeredAt: answeredAt(lease, draft),
    talkSeconds: talkSeconds(lease, draft, now),
    note: draft.note.trim(),
    callback: draft.callback,
    escalation: handOver,
    dialect: outcome === 'A9' ? draft.dialect : null,
    checked: draft.checked,
    next,
  } satisfies z.input<typeof FinishBody>;
}
