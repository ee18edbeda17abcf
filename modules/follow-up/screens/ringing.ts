import type { WorkView } from '../work.contract.ts';

/** Which promised call-backs ring, and which of them the next key takes. */

type Callback = WorkView['callbacks'][number];

/** A call-back shows itself this long before its time. */
const AHEAD_MS = 60_000;

/** Call-backs due now or within a minute, without the one in hand; in the order given, the earliest first. */
export const ringing = (
  callbacks: readonly Callback[],
  { now, inHand }: { readonly now: number; readonly inHand: string | null },
): Callback[] => callbacks.filter(({ dueAt, caseId }) => dueAt <= now + AHEAD_MS && caseId !== inHand);

/**
 * The case that 下一位 asks for by name: my own call-back that rings. The queue gives none before its minute, and none that is handed over and
 * still mine until somebody accepts. Undefined: whoever the queue has next.
 */
export const ownRinging = (callbacks: readonly Callback[], now: number): string | undefined =>
  ringing(callbacks, { now, inHand: null }).find(({ mine }) => mine)?.caseId;
