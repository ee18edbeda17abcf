/** Withdrawal by the candidate's own signed request. 个人信息保护法 art. 24; 30个不得 16. */

export type WithdrawalState =
  | 'letter_sent'
  | 'evidence_in'
  | 'checked'
  | 'executed'
  | 'rejected'
  | 'cancelled'
  | 'lapsed';

/**
 * What may follow; executed, rejected, cancelled and lapsed end a request, a new one may be opened after rejected and cancelled. It lapses
 * when the deadline has passed and two people have decided how the case ends.
 */
const NEXT = {
  letter_sent: ['evidence_in', 'cancelled', 'lapsed'],
  evidence_in: ['evidence_in', 'checked', 'rejected', 'cancelled', 'lapsed'],
  checked: ['executed', 'rejected', 'cancelled', 'lapsed'],
  executed: [],
  rejected: [],
  cancelled: [],
  lapsed: [],
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

export interface Papers extends Hands {
  /** Leader of the candidate's group, unless on leave; null: there is none now. */
  readonly leaderId: string | null;
}

/**
 * The leader of the candidate's group compares the papers. Where there is none now, or where they are the leader's own candidate's, the
 * office does: a request must not lie without a checker until its deadline.
 */
export const isChecker = (
  papers: Papers,
  { userId, roles }: { readonly userId: string | null; readonly roles: readonly string[] },
): boolean =>
  papers.leaderId !== null && mayCheck(papers, papers.leaderId)
    ? papers.leaderId === userId
    : roles.includes('admissions_office');

/** The photo shows an ID card: it is removed this long after the request ended (个人信息保护法 art. 19). */
export const KEEP_EVIDENCE_DAYS = 180;
