import type { Occasion } from '#script/rules';
import type { EscalationTier } from '#season/rules';

/** Codes of the three axes and the shape of a rule. */

/** What the line did. No code: connected. */
export const LINES = ['L1', 'L2', 'L3', 'L4', 'L5', 'L6', 'L7', 'L8', 'L9', 'L10', 'L11', 'L12'] as const;
/** Who answered. No code: the candidate. */
export const ANSWERERS = ['A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'A7', 'A8', 'A9', 'A10'] as const;
/** What the candidate wants. */
export const RESULTS = ['R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9', 'R10', 'R11'] as const;
export type Line = (typeof LINES)[number];
export type Answerer = (typeof ANSWERERS)[number];
export type Outcome = Line | Answerer | (typeof RESULTS)[number];
export type ResultCode = (typeof RESULTS)[number];

export const DISPOSITIONS = ['uncalled', 'confirmed', 'considering', 'unreachable', 'withdrawing'] as const;
export type Disposition = (typeof DISPOSITIONS)[number];

/** interview, refusal, non-contact, other non-interview, unknown eligibility, not eligible, not an attempt. */
export type ContactClass = 'I' | 'R' | 'NC' | 'O' | 'UH' | 'NE' | 'none';

/** What happens to the number that was used. */
export type NumberEffect =
  | 'none'
  | 'live'
  | 'vacant'
  | 'suspended'
  | 'cooling'
  | 'detached'
  | 'do_not_call'
  | 'informant'
  | 'caller_blocked';

export type Retry =
  | { readonly kind: 'next_number' }
  /** The wait of the season's settings so many times; afterwards that of another code, else the least-used day part. */
  | { readonly kind: 'wait'; readonly times: number; readonly afterwards?: Outcome }
  /** At the agreed time; none agreed: after the wait of the settings, or in the evening of the next day. */
  | { readonly kind: 'agreed'; readonly evening: boolean }
  | { readonly kind: 'evening' }
  | { readonly kind: 'working_hours' }
  | { readonly kind: 'consider' }
  | { readonly kind: 'papers' }
  | { readonly kind: 'other_caller' }
  | { readonly kind: 'next_window' }
  | { readonly kind: 'head' }
  | { readonly kind: 'none' };

export type Message = 'sms' | 'wechat';

export interface OutcomeRule {
  readonly label: string;
  readonly aapor: string;
  readonly class: ContactClass;
  /** Somebody answered. Attempts and contacts are both counted and both shown. */
  readonly contact: boolean;
  /** Counts in the ledger as a try at all. */
  readonly attempt: boolean;
  readonly refusal: boolean;
  readonly number: NumberEffect;
  readonly retry: Retry;
  readonly disposition: Disposition | null;
  /** To whom the case goes: at once, or when the code came as often as the settings say (`handOverAfter`; L3: days). */
  readonly escalation: { readonly tier: EscalationTier; readonly at: 'once' | 'limit' } | null;
  /** Sent or proposed from the n-th occurrence on. */
  readonly messages: Readonly<Partial<Record<Message, number>>>;
  /** What the caller does now, said with the consequence. */
  readonly hint?: string;
  /** Which approved text is sent; without one nothing is sent by itself. */
  readonly occasion?: Occasion;
  /** Who may set it. */
  readonly by: 'caller' | 'escalation_team' | 'system';
}
