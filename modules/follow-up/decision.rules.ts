import type { EscalationTier, FollowUpSettings } from '#season/rules';
import type { DayPart } from './day-part.rules.ts';
import type { Disposition, Message, NumberEffect, Outcome } from './outcome.rules.ts';

/** What an outcome leads to: state, times, hand-over, messages, and the sentence that says so. */
export interface Decision {
  readonly outcome: Outcome;
  readonly state: 'ready' | 'scheduled' | 'blocked' | 'escalated' | 'final';
  readonly disposition: Disposition;
  readonly result: 'admitted' | null;
  readonly blockedReason: 'do_not_call' | null;
  readonly dueAt: number | null;
  readonly groupDueAt: number | null;
  readonly poolDueAt: number | null;
  readonly priority: number;
  readonly callback: { readonly dueAt: number; readonly scope: CallbackScope; readonly note: string } | null;
  readonly escalation: { readonly tier: EscalationTier; readonly cause: EscalationCause } | null;
  readonly number: NumberEffect;
  readonly doNotCall: boolean;
  /** This caller is not the one to try next. */
  readonly anotherCaller: boolean;
  readonly messages: readonly Message[];
  readonly dayPart: DayPart;
  /** In a sentence, for the person who is about to save. */
  readonly consequence: string;
}

export type CallbackScope = 'owner' | 'group' | 'any';
export type EscalationCause = Outcome | 'no_number' | 'deadline' | 'by_hand';

export interface Said {
  readonly outcome: Outcome;
  /** The number that was used; null: none, e.g. a visit. */
  readonly phoneId: string | null;
  readonly callback: { readonly at: number; readonly scope: CallbackScope; readonly note: string } | null;
  /** The caller hands the case upwards with this result; absent or null: only the rules decide. */
  readonly escalation?: { readonly tier: EscalationTier } | null | undefined;
}

export interface Moment {
  readonly now: number;
  readonly settings: FollowUpSettings;
}
