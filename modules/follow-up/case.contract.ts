import { z } from 'zod';
import { route } from '#platform/http/route';
import {
  AnswererCode,
  CaseState,
  ContactView,
  DispositionCode,
  HandOver,
  LineCode,
  Phase,
  PresenceState,
  ResultCodes,
  Round,
  Work,
} from './work.contract.ts';

/** Routes beside the hot path: corrections, presence, inbound calls, do-not-call, contacts of a candidate. */

const attemptParams = z.object({ attemptId: z.uuid() });
const caseParams = z.object({ caseId: z.uuid() });
const Reason = z.string().trim().min(2, '请填写原因').max(200);
const Amended = z.object({
  line: LineCode.nullable(),
  answerer: AnswererCode.nullable(),
  result: ResultCodes.nullable(),
  talkSeconds: z.int().min(0).max(14_400),
  checked: z.object({ major: z.boolean(), identity: z.boolean() }).default({ major: false, identity: false }),
});

const amendRefusals = {
  not_found: 404,
  no_outcome: 422,
  outcome_not_allowed: 422,
  two_numbers_needed: 422,
  check_needed: 422,
  binding_province: 422,
  past_deadline: 422,
  callback_invalid: 422,
  case_moved: 409,
  already_completed: 409,
  not_yours: 403,
} as const;

export const completeRoute = route({
  method: 'POST',
  path: '/queue/attempts/:attemptId/complete',
  permission: 'queue.work',
  summary: '补填超时未填的结果',
  params: attemptParams,
  body: Amended,
  reply: Work,
  refusals: amendRefusals,
});

export const correctRoute = route({
  method: 'POST',
  path: '/queue/attempts/:attemptId/correct',
  permission: 'queue.correct',
  summary: '更正已登记的结果（注明原因，原记录保留）',
  params: attemptParams,
  body: Amended.extend({ reason: Reason }),
  reply: ContactView,
  refusals: amendRefusals,
});

export const presenceRoute = route({
  method: 'POST',
  path: '/queue/presence',
  permission: 'queue.work',
  summary: '工作、话后整理、暂停（说明原因）、离线',
  body: z.object({ state: PresenceState, reason: z.string().trim().max(100).nullable().default(null) }),
  reply: z.object({ state: PresenceState, reason: z.string().nullable(), since: z.number() }),
  refusals: { reason_needed: 422 },
});

export const aidsRoute = route({
  method: 'GET',
  path: '/queue/aids',
  permission: 'queue.work',
  summary: '通话辅助：关注点目录、适用的短信模板',
  query: z.object({
    withdrawable: z.enum(['true', 'false']).transform((text) => text === 'true'),
    phase: Phase,
    round: Round,
  }),
  reply: z.object({
    signals: z.array(z.object({ code: z.string(), name: z.string(), help: z.string() })),
    /** Approved templates that fit, the most specific first; `text` still has its merge fields. */
    messages: z.array(z.object({ versionId: z.string(), name: z.string(), text: z.string() })),
  }),
});

export const sharedRoute = route({
  method: 'GET',
  path: '/queue/leases/:leaseId/shared',
  permission: 'queue.work',
  summary: '手上这位的号码里，哪些也是别的考生的',
  params: z.object({ leaseId: z.uuid() }),
  reply: z.object({ items: z.array(z.object({ phoneId: z.string(), names: z.array(z.string()) })) }),
});

export const escalateRoute = route({
  method: 'POST',
  path: '/queue/leases/:leaseId/escalate',
  permission: 'escalation.open',
  summary: '转交：写明情况，联系记录由系统附上',
  params: z.object({ leaseId: z.uuid() }),
  body: HandOver.extend({ next: z.boolean().default(true) }),
  reply: Work,
  refusals: { lease_ended: 409, already_escalated: 409, already_dialled: 409, no_evidence: 422 },
});

export const FoundCase = z.object({
  caseId: z.string(),
  candidateName: z.string(),
  candidateNoMasked: z.string(),
  phoneMasked: z.string().nullable(),
  ownerName: z.string().nullable(),
  groupName: z.string().nullable(),
  state: CaseState,
  disposition: DispositionCode,
  /** Why it cannot be taken over, in words; null: it can. */
  barred: z.string().nullable(),
  /** A minor outside the own work: the file stays shut, the call can be registered; in words. */
  registerOnly: z.string().nullable(),
});

export const inboundRoute = route({
  method: 'POST',
  path: '/queue/inbound',
  permission: 'queue.work',
  summary: '来电：按号码或考生号后四位、完整来电号码查找',
  searches: true,
  body: z.object({ text: z.string().trim().min(4, '请输入至少 4 位数字').max(20) }),
  reply: z.object({ items: z.array(FoundCase) }),
});

export const takeOverRoute = route({
  method: 'POST',
  path: '/queue/cases/:caseId/take-over',
  permission: 'queue.work',
  summary: '来电接管：说明原因，负责人不变',
  params: caseParams,
  body: z.object({ reason: Reason }),
  reply: Work,
  refusals: {
    not_found: 404,
    case_leased: 409,
    lease_dialled: 409,
    case_closed: 409,
    number_busy: 409,
    minor_not_approved: 403,
  },
});

export const noteInboundRoute = route({
  method: 'POST',
  path: '/queue/cases/:caseId/inbound-notes',
  permission: 'queue.work',
  summary: '登记来电：不打开档案，请负责人和组长回电',
  params: caseParams,
  body: z.object({ reason: Reason, said: z.string().trim().max(200).default('') }),
  reply: z.object({ toldOwner: z.boolean() }),
  refusals: { not_found: 404 },
});

export const contactsRoute = route({
  method: 'GET',
  path: '/follow-up/candidates/:candidateId/contacts',
  permission: 'candidate.read',
  summary: '一名考生的联系记录（台账）',
  params: z.object({ candidateId: z.uuid() }),
  query: z.object({ before: z.string().max(40).optional() }),
  reply: z.object({
    cases: z.array(
      z.object({
        caseId: z.string(),
        phase: z.string(),
        round: z.string(),
        state: CaseState,
        disposition: DispositionCode,
        result: z.string().nullable(),
        ownerName: z.string().nullable(),
        groupName: z.string().nullable(),
        dueAt: z.number().nullable(),
        attempts: z.number(),
        contacts: z.number(),
        talkSeconds: z.number(),
      }),
    ),
    items: z.array(ContactView),
    next: z.string().nullable(),
  }),
  refusals: { not_found: 404 },
});

export const caseHistoryRoute = route({
  method: 'GET',
  path: '/follow-up/cases/:caseId/events',
  permission: 'candidate.read',
  summary: '一个回访任务的流转记录',
  params: caseParams,
  reply: z.object({
    items: z.array(
      z.object({
        seq: z.number(),
        kind: z.string(),
        at: z.number(),
        actorName: z.string().nullable(),
        note: z.string().nullable(),
        state: z.string().nullable(),
        dueAt: z.number().nullable(),
      }),
    ),
  }),
  refusals: { not_found: 404 },
});

export const DO_NOT_CALL_VIEWS = ['standing', 'lifted'] as const;

export const doNotCallList = route({
  method: 'GET',
  path: '/follow-up/do-not-call',
  permission: 'do_not_call.read',
  summary: '勿再来电名单：本人要求的和按号码登记的，现行的或已解除的',
  query: z.object({ view: z.enum(DO_NOT_CALL_VIEWS).default('standing') }),
  reply: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        scope: z.enum(['person', 'number']),
        who: z.string(),
        candidates: z.number().nullable(),
        reason: z.string(),
        setByName: z.string(),
        setAt: z.number(),
        endsAt: z.number().nullable(),
        liftedAt: z.number().nullable(),
        liftedByName: z.string().nullable(),
        liftReason: z.string().nullable(),
      }),
    ),
  }),
});

export const barNumberRoute = route({
  method: 'POST',
  path: '/follow-up/do-not-call',
  permission: 'do_not_call.set',
  summary: '登记一个号码勿拨：写明原因，到某一天或长期，所有考生名下立即生效',
  body: z.object({
    target: z.union([
      z.strictObject({ number: z.string().trim().min(1, '请填写号码').max(40) }),
      z.strictObject({ candidateId: z.uuid(), phoneId: z.uuid() }),
    ]),
    reason: z.string().trim().min(4, '请写明原因，至少 4 个字').max(200),
    lastDay: z.iso.date().nullable().default(null),
  }),
  reply: z.object({ id: z.string(), masked: z.string(), candidates: z.number() }),
  refusals: {
    not_found: 404,
    number_bad: 422,
    several_numbers: 422,
    day_past: 422,
    day_far: 422,
    already_barred: 409,
  },
});

export const liftRoute = route({
  method: 'POST',
  path: '/follow-up/do-not-call/:id/lift',
  permission: 'do_not_call.lift',
  summary: '解除勿再来电（督查组，注明原因）',
  params: z.object({ id: z.uuid() }),
  body: z.object({ reason: Reason }),
  refusals: { not_found: 404 },
});

export const reopenRoute = route({
  method: 'POST',
  path: '/follow-up/cases/:caseId/reopen',
  permission: 'case.reopen',
  summary: '重新开放一个已停止或办结的回访（督查组、招办，注明原因）',
  params: caseParams,
  body: z.object({ reason: Reason }),
  refusals: { not_found: 404, case_open: 409, case_closed: 409, do_not_call: 409 },
});
