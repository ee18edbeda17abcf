import { z } from 'zod';
import { route } from '#platform/http/route';
import { Reason, seasonParams } from './contract.ts';
import {
  type Bounds,
  boundsOf,
  DEFAULT_SETTINGS,
  ESCALATION_TIERS,
  HAND_OVER_CODES,
  POLICY_KINDS,
  RETRY_CODES,
  TARGET_LEVELS,
} from './rules.ts';

const figure = (...path: string[]) => {
  const { min, max }: Bounds = boundsOf(path) ?? { min: 0, max: 0 };
  return z.number().int('请填整数').min(min, `不能小于 ${min}`).max(max, `不能大于 ${max}`);
};

/** An object whose keys are all of a list. */
const each = <const K extends string, S extends z.ZodType>(keys: readonly K[], schema: S) =>
  z.object(Object.fromEntries(keys.map((key) => [key, schema])) as Record<K, S>);

const Arrival = z.object({
  basicPerMille: figure('targets', 'arrival', '*', '*'),
  targetPerMille: figure('targets', 'arrival', '*', '*'),
});

/** Follow-up settings of a season, every figure within its bounds. */
export const Settings = z.strictObject({
  leaseMinutes: figure('leaseMinutes'),
  heartbeatSeconds: figure('heartbeatSeconds'),
  undoSeconds: figure('undoSeconds'),
  dialsPerNumberPerDay: figure('dialsPerNumberPerDay'),
  dialsPerCandidatePerDay: figure('dialsPerCandidatePerDay'),
  minutesBetweenDials: figure('minutesBetweenDials'),
  avoidHours: figure('avoidHours'),
  urgentHours: figure('urgentHours'),
  vacantConfirmHours: figure('vacantConfirmHours'),
  numbersBeforeConfirmed: figure('numbersBeforeConfirmed'),
  retryMinutes: each(RETRY_CODES, figure('retryMinutes', '*')),
  handOverAfter: each(HAND_OVER_CODES, figure('handOverAfter', '*')),
  considerHours: figure('considerHours'),
  considerLastDayHours: figure('considerLastDayHours'),
  callbackOwnerMinutes: figure('callbackOwnerMinutes'),
  callbackGroupMinutes: figure('callbackGroupMinutes'),
  groupAfterMinutes: figure('groupAfterMinutes'),
  poolAfterMinutes: figure('poolAfterMinutes'),
  starvationHours: figure('starvationHours'),
  paperReminderHours: z.array(figure('paperReminderHours', '*')).length(2).readonly(),
  paperLastHours: figure('paperLastHours'),
  unreachable: z.object({
    dialsPerNumber: figure('unreachable', 'dialsPerNumber'),
    dialsPerNumberUrgent: figure('unreachable', 'dialsPerNumberUrgent'),
    dayParts: figure('unreachable', 'dayParts'),
  }),
  escalation: each(
    ESCALATION_TIERS,
    z.object({
      acceptMinutes: figure('escalation', '*', 'acceptMinutes'),
      resolveMinutes: figure('escalation', '*', 'resolveMinutes'),
    }),
  ),
  automaticSms: z.boolean(),
  minorsOutsideGroups: z.boolean(),
  smsPerNumberPerDay: figure('smsPerNumberPerDay'),
  revealsPerDay: figure('revealsPerDay'),
  exportApprovalRows: figure('exportApprovalRows'),
  targets: z.object({
    contacts: figure('targets', 'contacts'),
    talkMinutes: figure('targets', 'talkMinutes'),
    earlyPaymentPerMille: z
      .array(figure('targets', 'earlyPaymentPerMille', '*'))
      .length(DEFAULT_SETTINGS.targets.earlyPaymentPerMille.length)
      .readonly(),
    arrival: each(TARGET_LEVELS, Arrival),
    callerArrival: each(TARGET_LEVELS, each(POLICY_KINDS, Arrival)),
  }),
});

export const getSettings = route({
  method: 'GET',
  path: '/seasons/:seasonId/settings',
  permission: 'season.read',
  summary: '回访规则（当前版本）',
  params: seasonParams,
  reply: z.object({ version: z.number(), settings: Settings }),
  refusals: { not_found: 404 },
});

export const settingsHistory = route({
  method: 'GET',
  path: '/seasons/:seasonId/settings/history',
  permission: 'season.read',
  summary: '回访规则的修改记录',
  params: seasonParams,
  reply: z.object({
    items: z.array(
      z.object({
        version: z.number(),
        changedBy: z.string().nullable(),
        changedAt: z.number(),
        reason: z.string(),
        changes: z.array(
          z.object({ path: z.array(z.string()).readonly(), before: z.unknown(), after: z.unknown() }),
        ),
      }),
    ),
  }),
  refusals: { not_found: 404 },
});

export const changeSettings = route({
  method: 'PUT',
  path: '/seasons/:seasonId/settings',
  permission: 'season.manage',
  summary: '修改回访规则，生成新版本',
  params: seasonParams,
  body: z.object({ settings: Settings, version: z.number().int().min(0), reason: Reason }),
  reply: z.object({ version: z.number() }),
  refusals: { not_found: 404, changed_meanwhile: 409, contradiction: 422, unchanged: 422 },
});
