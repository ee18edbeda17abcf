import { z } from 'zod';
import { RELATIONS } from '#candidate/rules';
import { OCCASIONS } from '#script/rules';
import { ESCALATION_TIERS, type FollowUpSettings } from '#season/rules';
import { ANSWERERS, DISPOSITIONS, LINES, RESULTS } from './outcome.rules.ts';

/** Shapes of the call screen: what a caller holds, and the strip below it. Instants are milliseconds. */

const Instant = z.number();
export const Channel = z.enum(['phone', 'sms', 'qq', 'wechat', 'weibo', 'visit', 'portal', 'other']);
export const Phase = z.enum(['guidance', 'filing', 'admitted', 'arrival']);
export const Round = z.enum(['first', 'focus', 'final']);
export const CaseState = z.enum(['ready', 'leased', 'scheduled', 'blocked', 'escalated', 'final']);
export const DispositionCode = z.enum(DISPOSITIONS);
export const LineCode = z.enum(LINES);
export const AnswererCode = z.enum(ANSWERERS);
export const ResultCodes = z.enum(RESULTS);
export const OutcomeCode = z.enum([...LINES, ...ANSWERERS, ...RESULTS]);
/** How a message went, for the channels other than the telephone. */
export const MessageOutcome = z.enum(['sent', 'added', 'answered', 'not_found', 'declined']);
export const PhoneState = z.enum(['live', 'suspect', 'suspended', 'cooling', 'dead', 'do_not_call']);
export const PresenceState = z.enum(['working', 'wrap_up', 'paused', 'offline']);
/** A hand-over by hand: to whom, and what is the matter. The evidence is computed. */
export const HandOver = z.object({
  tier: z.enum(ESCALATION_TIERS),
  summary: z.string().trim().min(5, '请写明情况，至少 5 个字').max(500),
});
const Counts = z.record(z.string(), z.number());

/** One number in dial order. `number` is in the clear: it stands here only under the lease. */
export const NumberView = z.object({
  phoneId: z.string(),
  number: z.string(),
  masked: z.string(),
  kind: z.enum(['mobile', 'landline']),
  relation: z.enum(RELATIONS),
  contactName: z.string().nullable(),
  source: z.string(),
  informant: z.boolean(),
  state: PhoneState,
  /** 本地 or 长途 with the area it was decided by; null: area unknown. */
  areaCode: z.string().nullable(),
  local: z.boolean().nullable(),
  dialString: z.string(),
  dialledToday: z.number(),
  dialsOfCase: z.number(),
  lastDialledAt: Instant.nullable(),
  lastOutcome: z.string().nullable(),
  /** Hour of the day (0–23) at which somebody answered here before. */
  bestHour: z.number().nullable(),
  retestAfter: Instant.nullable(),
  stateAt: Instant.nullable(),
  vacantHits: z.number(),
  retests: z.number(),
  /** Its holder complained about the calls to another candidate, and the complaint is not settled. */
  frozen: z.boolean(),
  /** Why it may not be dialled now, in words; null: it may. */
  barred: z.string().nullable(),
});

/** What decideNext() of decide.rules.ts wants to know; the screen calls it with this to show the consequence. */
export const FactsView = z.object({
  disposition: DispositionCode,
  withdrawable: z.boolean(),
  withdrawalDeadlineAt: Instant.nullable(),
  deadlineAt: Instant.nullable(),
  window: z.object({ fromMinute: z.number(), untilMinute: z.number() }),
  dialledToday: z.number(),
  tried: Counts,
  triedToday: Counts,
  switchedOffDays: z.number(),
  dayParts: Counts,
  lastUnansweredAt: Instant.nullable(),
  messages: z.object({ sms: z.number(), wechat: z.number() }),
  /** Attempts with somebody answering, so far. */
  contacts: z.number(),
  smsPhones: z.array(z.string()),
  smsAfter: z.array(z.enum(OCCASIONS)),
  underEscalation: z.boolean(),
  doNotCall: z.boolean(),
  hasOwner: z.boolean(),
  hasGroup: z.boolean(),
});

export const ContactView = z.object({
  attemptId: z.string(),
  at: Instant,
  callerName: z.string(),
  channel: Channel,
  direction: z.enum(['out', 'in']),
  masked: z.string().nullable(),
  /** Effective code: an outcome, a message outcome, or `incomplete`. */
  outcome: z.string(),
  talkSeconds: z.number(),
  note: z.string().nullable(),
  undone: z.boolean(),
  corrected: z.boolean(),
});

export const CandidateView = z.object({
  id: z.string(),
  name: z.string(),
  candidateNo: z.string(),
  sex: z.enum(['male', 'female']).nullable(),
  minor: z.boolean(),
  provinceCode: z.string(),
  batchName: z.string(),
  category: z.string().nullable(),
  schoolName: z.string().nullable(),
  majorName: z.string().nullable(),
  majorTuitionFen: z.number().nullable(),
  preferenceRank: z.number().nullable(),
  /** Null for student callers (教育部 2021: scores go to the candidate and the college only) and where the file has none. */
  score: z.number().nullable(),
  filingScore: z.number().nullable(),
  artSchoolExam: z.boolean(),
  signals: z.array(z.string()),
  pathwayInterest: z.boolean(),
  majorWish: z.string().nullable(),
});

export const PolicyView = z.object({
  id: z.string(),
  version: z.number(),
  withdrawable: z.boolean(),
  newExam: z.boolean().nullable(),
  phoneShielded: z.boolean(),
  withdrawalDeadlineAt: Instant.nullable(),
  batchEndsAt: Instant.nullable(),
  pastLines: z.array(
    z.object({
      year: z.number(),
      category: z.string(),
      scoreMin: z.number(),
      rankMin: z.number().nullable(),
    }),
  ),
});

export const LeaseView = z.object({
  id: z.string(),
  how: z.enum(['pull', 'callback', 'takeover', 'escalation']),
  openedAt: Instant,
  expiresAt: Instant,
  dialStartedAt: Instant.nullable(),
  phoneId: z.string().nullable(),
  /** What was typed so far, as saved by the draft route. */
  draft: z.string().nullable(),
  case: z.object({
    id: z.string(),
    phase: Phase,
    round: Round,
    disposition: DispositionCode,
    priority: z.number(),
    deadlineAt: Instant.nullable(),
    ownerId: z.string().nullable(),
    ownerName: z.string().nullable(),
    attempts: z.number(),
    contacts: z.number(),
    talkSeconds: z.number(),
    callbackNote: z.string().nullable(),
  }),
  candidate: CandidateView,
  policy: PolicyView,
  collegeName: z.string(),
  numbers: z.array(NumberView),
  facts: FactsView,
  timeline: z.array(ContactView),
  /** Approved script for this policy, phase and round; its shape is that of the script module. Null: none approved. */
  script: z
    .object({ versionId: z.string(), name: z.string(), version: z.number(), body: z.unknown() })
    .nullable(),
});

export const TodayView = z.object({
  attempts: z.number(),
  dials: z.number(),
  contacts: z.number(),
  confirmed: z.number(),
  talkSeconds: z.number(),
  skips: z.number(),
  /** Open cases that are mine, and how many of them are due now. */
  open: z.number(),
  due: z.number(),
  openWorkCap: z.number(),
  /** Contacts and talk of mine over all my cases of the season, for the averages against the targets of seed 001. Null: no case yet. */
  average: z.object({ candidates: z.number(), contacts: z.number(), talkSeconds: z.number() }).nullable(),
});

export const CallbackView = z.object({
  callbackId: z.string(),
  caseId: z.string(),
  candidateName: z.string(),
  dueAt: Instant,
  note: z.string().nullable(),
  mine: z.boolean(),
});

export const IncompleteView = z.object({
  attemptId: z.string(),
  candidateName: z.string(),
  masked: z.string().nullable(),
  startedAt: Instant,
  withdrawable: z.boolean(),
  relation: z.enum(RELATIONS),
});

/** The whole call screen in one reply. */
export const Work = z.object({
  serverNow: Instant,
  lease: LeaseView.nullable(),
  /** Why there is nobody to call, in words, and when there will be. */
  nothing: z
    .object({
      code: z.enum(['queue_empty', 'outside_hours', 'not_started', 'not_allowed']),
      message: z.string(),
      nextDueAt: Instant.nullable(),
    })
    .nullable(),
  today: TodayView,
  callbacks: z.array(CallbackView),
  /** Dialled, but the lease ran out before a result was given: to be completed before the next pull. */
  incomplete: z.array(IncompleteView),
  /** The last finish, while it may be undone. */
  undo: z
    .object({
      attemptId: z.string(),
      outcome: OutcomeCode,
      candidateName: z.string(),
      consequence: z.string(),
      until: Instant,
    })
    .nullable(),
  presence: z.object({ state: PresenceState, reason: z.string().nullable(), since: Instant.nullable() }),
  /** FollowUpSettings of #season/rules, for decideNext() on the screen. */
  settings: z.custom<FollowUpSettings>().nullable(),
});
export type WorkView = z.infer<typeof Work>;
export type LeaseData = z.infer<typeof LeaseView>;
export type NumberData = z.infer<typeof NumberView>;
export type ContactData = z.infer<typeof ContactView>;
export type FactsData = z.infer<typeof FactsView>;
