/** Withdrawal by the candidate's own signed request. 个人信息保护法 art. 24; 30个不得 16. */

export type WithdrawalState =
  | 'letter_sent'
  | 'evidence_in'
  | 'checked'
  | 'executed'
  | 'rejected'
  | 'cancelled';

/** What may follow; executed, rejected and cancelled end a request, a new one may be opened after the last two. */
const NEXT = {
  letter_sent: ['evidence_in', 'cancelled'],
  evidence_in: ['evidence_in', 'checked', 'rejected', 'cancelled'],
  checked: ['executed', 'rejected', 'cancelled'],
  executed: [],
  rejected: [],
  cancelled: [],
} as const satisfies Record<WithdrawalState, readonly WithdrawalState[]>;

export const mayBecome = (from: WithdrawalState, to: WithdrawalState): boolean =>
  (NEXT[from] as readonly WithdrawalState[]).includes(to);

/** Why a candidate wishes to leave, in the candidate's words; none is asked for as proof. */
export const REASON_CODES = [
  'repeat',
  'other_college',
  'next_batch',
  'distance',
  'cost',
  'major',
  'enlistment',
  'abroad',
  'work',
  'other',
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** What the leader must see on the one photo (seed 000: letter, ID card and admission ticket together) and in the file. */
export const CHECKS = [
  'letterSigned',
  'parentSigned',
  'idCard',
  'admissionTicket',
  'nameMatches',
  'numberMatches',
  'ownWill',
] as const;
export type Check = (typeof CHECKS)[number];
export type Checklist = Readonly<Record<Check, boolean>>;

export const missingChecks = (checklist: Checklist): Check[] => CHECKS.filter((check) => !checklist[check]);

export interface WithdrawalPolicy {
  readonly withdrawable: boolean | null;
  readonly deadlineAt: number | null;
}

export type Barrier =
  | { readonly code: 'policy_missing' }
  | { readonly code: 'binding_province' }
  | { readonly code: 'past_deadline'; readonly deadlineAt: number; readonly lateMinutes: number };

/** What keeps a withdrawal from being asked for, checked or executed now. The deadline itself is still in time. */
export function barrierOf({ withdrawable, deadlineAt }: WithdrawalPolicy, now: number): Barrier | null {
  if (withdrawable === null) return { code: 'policy_missing' };
  if (!withdrawable) return { code: 'binding_province' };
  if (deadlineAt !== null && now > deadlineAt) {
    return { code: 'past_deadline', deadlineAt, lateMinutes: Math.ceil((now - deadlineAt) / 60_000) };
  }
  return null;
}

export interface Hands {
  readonly requestedBy: string;
  readonly uploadedBy: string | null;
  readonly checkedBy: string | null;
}

/** Three persons: who asks or uploads does not check, and neither executes. */
export const mayCheck = (hands: Hands, who: string): boolean =>
  who !== hands.requestedBy && who !== hands.uploadedBy;
export const mayExecute = (hands: Hands, who: string): boolean =>
  who !== hands.checkedBy && who !== hands.requestedBy && who !== hands.uploadedBy;

/** The photo shows an ID card: it is removed this long after the request ended (个人信息保护法 art. 19). */
export const KEEP_EVIDENCE_DAYS = 180;
