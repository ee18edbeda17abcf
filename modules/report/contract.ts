import { z } from 'zod';
import { route } from '#platform/http/route';

const Rate = z.object({ part: z.number(), whole: z.number() });
const Rates = z.object({
  contact: Rate,
  response: Rate,
  refusal: Rate,
  talk_per_contact: Rate,
  contacts_per_case: Rate,
});
const Sums = z.object({
  attempts: z.number(),
  dials: z.number(),
  contacts: z.number(),
  refusals: z.number(),
  unreached: z.number(),
  unknownEligibility: z.number(),
  notEligible: z.number(),
  confirmed: z.number(),
  considering: z.number(),
  withdrawing: z.number(),
  talkSeconds: z.number(),
  discarded: z.number(),
});
/** How many cases stand where, added up from states and dispositions. */
export const Standing = z.object({
  cases: z.number(),
  uncalled: z.number(),
  considering: z.number(),
  unreachable: z.number(),
  withdrawing: z.number(),
  confirmed: z.number(),
  escalated: z.number(),
  admitted: z.number(),
  withdrawn: z.number(),
  otherFinal: z.number(),
});
const TargetState = z.enum(['below', 'basic', 'target']);

export const Wallboard = z.object({
  season: z.object({ id: z.string(), name: z.string(), phase: z.string(), round: z.string() }),
  asOf: z.number(),
  conservation: z.object({
    candidates: z.number(),
    unreleased: z.number(),
    ready: z.number(),
    leased: z.number(),
    scheduled: z.number(),
    blocked: z.number(),
    escalated: z.number(),
    final: z.number(),
    gap: z.number(),
  }),
  today: Sums,
  season_sums: Sums,
  rates: Rates,
  callbacks: z.object({ dueNow: z.number(), overdue: z.number(), laterToday: z.number() }),
  escalations: z.object({ waiting: z.number(), late: z.number(), inWork: z.number() }),
  working: z.object({ onCall: z.number(), working: z.number(), paused: z.number() }),
  funnel: z.array(z.object({ label: z.string(), cases: z.number() })),
  targets: z.array(
    z.object({
      code: z.string(),
      label: z.string(),
      rate: Rate,
      bound: z.number(),
      unit: z.string(),
      state: TargetState,
    }),
  ),
  groups: z.array(
    z.object({ groupId: z.string(), name: z.string(), standing: Standing, today: Sums, rates: Rates }),
  ),
  provinces: z.array(
    z.object({
      policyId: z.string(),
      provinceCode: z.string(),
      provinceName: z.string(),
      batchName: z.string(),
      withdrawable: z.boolean().nullable(),
      deadlineAt: z.number().nullable(),
      standing: Standing,
      today: Sums,
    }),
  ),
});

export const wallboard = route({
  method: 'GET',
  path: '/reports/wallboard',
  permission: 'report.season',
  summary: '大屏：守恒、队列、回电、今日联系、各组各省、漏斗、目标',
  reply: Wallboard,
  refusals: { no_season: 404 },
});

/** Events `wallboard` of the same shape as the reply above, every few seconds; one computation serves all who look. */
export const wallboardStream = route({
  method: 'GET',
  path: '/reports/wallboard/stream',
  permission: 'report.season',
  keepsSession: true,
  kind: 'stream',
  summary: '大屏的推送：每 3 秒一次，全校只算一遍',
});

const Member = z.object({
  userId: z.string(),
  name: z.string(),
  /** Of the current phase. */
  standing: Standing,
  /** Candidates over all phases: below the line of the averages. */
  people: z.number(),
  today: Sums,
  season: Sums,
  rates: Rates,
  overdueCallbacks: z.number(),
  skipsToday: z.number(),
  skipReasons: z.record(z.string(), z.number()),
  presence: z.string().nullable(),
  presenceReason: z.string().nullable(),
  presenceSince: z.number().nullable(),
  contactsTarget: TargetState,
  talkTarget: TargetState,
});

export const groupBoard = route({
  method: 'GET',
  path: '/reports/group',
  permission: 'report.group',
  summary: '小组看板：每名组员的进度、回电、今日联系',
  query: z.object({ groupId: z.uuid().optional() }),
  reply: z.object({
    groups: z.array(z.object({ groupId: z.string(), name: z.string() })),
    groupId: z.string(),
    members: z.array(Member),
    total: Standing,
    today: Sums,
    /** What the averages of a member should reach: contacts, and minutes of talk. */
    bounds: z.object({ contacts: z.number(), talkMinutes: z.number() }),
  }),
  refusals: { no_season: 404, not_found: 404 },
});

export const STUCK_LABELS = {
  callback_missed: '回电已过时',
  escalation_late: '转交无人接手',
  papers_missing: '申请退档但材料未齐',
  deadline_near: '24 小时内截止仍未确认',
  waiting_long: '长时间没有跟进',
  attempt_incomplete: '通话结果未填',
} as const;
export type StuckCode = keyof typeof STUCK_LABELS;

export const stuckList = route({
  method: 'GET',
  path: '/reports/stuck',
  permission: 'report.group',
  summary: '卡住的考生：要有人马上处理的',
  query: z.object({
    groupId: z.uuid().optional(),
    code: z.enum(Object.keys(STUCK_LABELS) as [StuckCode, ...StuckCode[]]).optional(),
  }),
  reply: z.object({
    counts: z.record(z.string(), z.number()),
    items: z.array(
      z.object({
        caseId: z.string(),
        candidateId: z.string(),
        candidateName: z.string(),
        candidateNo: z.string(),
        code: z.string(),
        ownerName: z.string().nullable(),
        groupName: z.string().nullable(),
        since: z.number(),
        deadlineAt: z.number().nullable(),
      }),
    ),
  }),
  refusals: { no_season: 404 },
});

export const leaderboard = route({
  method: 'GET',
  path: '/reports/leaderboard',
  permission: 'report.season',
  summary: '榜单：按联系率、确认率和预计报到率，注明工作量',
  query: z.object({ by: z.enum(['reach', 'confirmed', 'arrival']).default('reach') }),
  reply: z.object({
    by: z.enum(['reach', 'confirmed', 'arrival']),
    definition: z.string(),
    fairVolume: z.number(),
    items: z.array(
      z.object({
        userId: z.string(),
        name: z.string(),
        groupName: z.string().nullable(),
        rate: Rate,
        volume: z.number(),
        ranked: z.boolean(),
        standing: Standing,
      }),
    ),
  }),
  refusals: { no_season: 404 },
});

export const bestHours = route({
  method: 'GET',
  path: '/reports/hours',
  permission: 'report.group',
  summary: '最佳时段：星期与小时的应答率',
  reply: z.object({
    items: z.array(
      z.object({ weekday: z.number(), hour: z.number(), attempts: z.number(), contacts: z.number() }),
    ),
  }),
  refusals: { no_season: 404 },
});

export const dailyTrend = route({
  method: 'GET',
  path: '/reports/days',
  permission: 'report.season',
  summary: '每天的联系、应答、确认',
  reply: z.object({ items: z.array(Sums.extend({ day: z.string() })) }),
  refusals: { no_season: 404 },
});

const Summary = z.object({
  id: z.uuid(),
  groupId: z.uuid(),
  groupName: z.string(),
  weekStartsOn: z.string(),
  figures: z.object({
    standing: Standing,
    week: Sums,
    rates: Rates,
    considering: z.number(),
    unreachable: z.number(),
    stuck: z.record(z.string(), z.number()),
  }),
  remarks: z.string(),
  state: z.enum(['draft', 'sent']),
  writtenByName: z.string(),
  createdAt: z.number(),
  sentAt: z.number().nullable(),
});

export const listSummaries = route({
  method: 'GET',
  path: '/summaries',
  permission: 'report.group',
  summary: '周报列表',
  reply: z.object({ items: z.array(Summary) }),
  refusals: { no_season: 404 },
});

export const makeSummary = route({
  method: 'POST',
  path: '/summaries',
  permission: 'summary.write',
  summary:
    '生成周报（数字来自台账，可再次生成到发送为止）；不写周起始日是本周，可以补写最近四周，已有草稿的更早几周也能更新',
  body: z.object({ groupId: z.uuid(), weekStartsOn: z.iso.date().optional() }),
  reply: Summary,
  refusals: { no_season: 404, not_yours: 403, already_sent: 409, week_not_open: 422 },
});

export const saveSummary = route({
  method: 'PUT',
  path: '/summaries/:id',
  permission: 'summary.write',
  summary: '补写周报说明，发送给招办',
  params: z.object({ id: z.uuid() }),
  body: z.object({ remarks: z.string().trim().max(5000), send: z.boolean() }),
  reply: Summary,
  refusals: { not_found: 404, not_yours: 403, already_sent: 409, remarks_needed: 422 },
});
