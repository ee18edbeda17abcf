/**
 * Settings of the follow-up: the one type that queue, escalation, withdrawal, assignment and reports read. follow-up.md,
 * "Outcomes and retry rules" and rule 6; targets: seed 001 parts 五, 六. All figures are integers; rates are per mille.
 */

/** Outcome codes whose waits and limits the office may change. The catalogue itself belongs to the follow-up. */
export const RETRY_CODES = [
  'L1',
  'L2',
  'L3',
  'L4',
  'L5',
  'L6',
  'L7',
  'L8',
  'A2',
  'A3',
  'A4',
  'A5',
  'A7',
  'A9',
  'A10',
  'R2',
  'R3',
  'R4',
] as const;
export type RetryCode = (typeof RETRY_CODES)[number];

/** How often one kind of outcome may come before somebody else looks at the case. */
export interface RetrySetting {
  /** Minutes until the next try: the first time, the second time, …; afterwards the least-used day part. */
  readonly waitMinutes: readonly number[];
  /** The most tries a day after this outcome; null: only the general caps count. */
  readonly perDay: number | null;
  /** After so many of this outcome the leader is told; null: never for the number of times. */
  readonly handOverAfterTimes: number | null;
  /** After so many days with this outcome the leader is told; null: never for the days. */
  readonly handOverAfterDays: number | null;
}

export const ESCALATION_TIERS = ['leader', 'escalation_team', 'supervisor', 'office'] as const;
export type EscalationTier = (typeof ESCALATION_TIERS)[number];

export interface TierSetting {
  readonly acceptMinutes: number;
  readonly resolveMinutes: number;
}

/** Arrival rates in per mille: 980 is 98.0 %. */
export interface ArrivalTarget {
  readonly basicPerMille: number;
  readonly targetPerMille: number;
}

export const TARGET_LEVELS = ['undergraduate', 'junior'] as const;
export type TargetLevel = (typeof TARGET_LEVELS)[number];

/** Plain numbers with their bounds (both allowed). */
const NUMBERS = {
  dialsPerNumberDay: { min: 1, max: 10, fallback: 3 },
  minutesBetweenDials: { min: 5, max: 720, fallback: 30 },
  dialsPerPersonDay: { min: 1, max: 20, fallback: 6 },
  sameClockHours: { min: 0, max: 6, fallback: 2 },
  urgentHours: { min: 1, max: 72, fallback: 24 },
  vacantConfirmHours: { min: 1, max: 48, fallback: 4 },
  unreachableDayParts: { min: 1, max: 4, fallback: 3 },
  unreachableDials: { min: 1, max: 30, fallback: 6 },
  numbersBeforeConfirmed: { min: 1, max: 4, fallback: 2 },
  considerHours: { min: 1, max: 72, fallback: 24 },
  considerLastDayHours: { min: 1, max: 12, fallback: 4 },
  materialFirstHours: { min: 1, max: 48, fallback: 4 },
  materialSecondHours: { min: 2, max: 96, fallback: 24 },
  materialBeforeDeadlineHours: { min: 1, max: 48, fallback: 6 },
  leaseMinutes: { min: 5, max: 120, fallback: 20 },
  heartbeatSeconds: { min: 15, max: 300, fallback: 60 },
  undoSeconds: { min: 0, max: 30, fallback: 5 },
  callbackGraceMinutes: { min: 0, max: 240, fallback: 15 },
  callbackGroupMinutes: { min: 0, max: 480, fallback: 15 },
  groupOpenAfterMinutes: { min: 0, max: 2880, fallback: 240 },
  poolOpenAfterMinutes: { min: 0, max: 5760, fallback: 720 },
  starvationHours: { min: 1, max: 168, fallback: 24 },
  revealsPerDay: { min: 1, max: 500, fallback: 40 },
  exportApprovalRows: { min: 1, max: 100000, fallback: 500 },
  contactsPerCandidate: { min: 1, max: 20, fallback: 4 },
  talkMinutesPerCandidate: { min: 1, max: 240, fallback: 20 },
  earlyPaymentFirstPerMille: { min: 0, max: 1000, fallback: 200 },
  earlyPaymentSecondPerMille: { min: 0, max: 1000, fallback: 600 },
  earlyPaymentLastPerMille: { min: 0, max: 1000, fallback: 800 },
} as const satisfies Record<string, { min: number; max: number; fallback: number }>;

export type SettingNumber = keyof typeof NUMBERS;

export const SETTING_BOUNDS: Readonly<Record<SettingNumber, { readonly min: number; readonly max: number }>> =
  NUMBERS;
export const SETTING_NUMBERS = Object.keys(NUMBERS) as readonly SettingNumber[];

/** Bounds of one wait and of the counts of a retry setting. */
export const RETRY_BOUNDS = { waitMinutesMax: 7 * 24 * 60, waitsMax: 6, countMax: 30 } as const;
/** Bounds of the times of a tier. */
export const TIER_BOUNDS = { min: 5, max: 7 * 24 * 60 } as const;

/** Everything the office can tune for the follow-up of one season. */
export interface FollowUpSettings extends Readonly<Record<SettingNumber, number>> {
  readonly retry: Readonly<Record<RetryCode, RetrySetting>>;
  readonly tiers: Readonly<Record<EscalationTier, TierSetting>>;
  /** Targets of the whole season by level: seed 001 part 五. */
  readonly arrival: Readonly<Record<TargetLevel, ArrivalTarget>>;
  /** Targets of one caller by level in withdrawable and binding provinces: seed 001 part 六. */
  readonly callerArrival: Readonly<
    Record<TargetLevel, Readonly<Record<'withdrawable' | 'binding', ArrivalTarget>>>
  >;
}

const after = (waitMinutes: readonly number[], rest: Partial<RetrySetting> = {}): RetrySetting => ({
  waitMinutes,
  perDay: null,
  handOverAfterTimes: null,
  handOverAfterDays: null,
  ...rest,
});

const HOUR = 60;
const DAY = 24 * HOUR;

const RETRY_DEFAULTS: Readonly<Record<RetryCode, RetrySetting>> = {
  L1: after([0]),
  L2: after([DAY, DAY, DAY], { perDay: 1, handOverAfterTimes: 3 }),
  L3: after([2 * HOUR], { handOverAfterDays: 2 }),
  L4: after([HOUR], { perDay: 3, handOverAfterTimes: 6 }),
  L5: after([30], { handOverAfterTimes: 6 }),
  L6: after([10, 10], { handOverAfterTimes: 6 }),
  L7: after([4 * HOUR], { perDay: 2, handOverAfterTimes: 3 }),
  L8: after([3 * HOUR], { handOverAfterTimes: 6 }),
  A2: after([DAY], { perDay: 1 }),
  A3: after([2 * HOUR]),
  A4: after([2 * HOUR], { perDay: 2, handOverAfterTimes: 4 }),
  A5: after([DAY]),
  A7: after([HOUR]),
  A9: after([HOUR]),
  A10: after([2], { perDay: 2 }),
  R2: after([4 * HOUR, DAY]),
  R3: after([DAY], { handOverAfterTimes: 3 }),
  R4: after([DAY], { handOverAfterTimes: 2 }),
};

/** What a new season starts with. */
export const DEFAULT_SETTINGS: FollowUpSettings = {
  ...(Object.fromEntries(SETTING_NUMBERS.map((name) => [name, NUMBERS[name].fallback])) as Record<
    SettingNumber,
    number
  >),
  retry: RETRY_DEFAULTS,
  tiers: {
    leader: { acceptMinutes: 4 * HOUR, resolveMinutes: DAY },
    escalation_team: { acceptMinutes: 2 * HOUR, resolveMinutes: DAY },
    supervisor: { acceptMinutes: HOUR, resolveMinutes: DAY },
    office: { acceptMinutes: 2 * HOUR, resolveMinutes: DAY },
  },
  arrival: {
    undergraduate: { basicPerMille: 980, targetPerMille: 985 },
    junior: { basicPerMille: 935, targetPerMille: 950 },
  },
  callerArrival: {
    undergraduate: {
      withdrawable: { basicPerMille: 980, targetPerMille: 1000 },
      binding: { basicPerMille: 970, targetPerMille: 990 },
    },
    junior: {
      withdrawable: { basicPerMille: 930, targetPerMille: 950 },
      binding: { basicPerMille: 920, targetPerMille: 940 },
    },
  },
};

/** Settings as stored, completed by defaults where an older version did not know a figure yet. */
export function completeSettings(stored: Partial<FollowUpSettings>): FollowUpSettings {
  return {
    ...DEFAULT_SETTINGS,
    ...stored,
    retry: { ...DEFAULT_SETTINGS.retry, ...stored.retry },
    tiers: { ...DEFAULT_SETTINGS.tiers, ...stored.tiers },
  };
}

/** Figures that contradict each other, as sentences; empty when all is well. */
export function settingIssues(settings: FollowUpSettings): string[] {
  const issues: string[] = [];
  const { heartbeatSeconds, leaseMinutes, dialsPerNumberDay, dialsPerPersonDay } = settings;
  if (heartbeatSeconds * 2 > leaseMinutes * 60) {
    issues.push(
      `占用时长 ${leaseMinutes} 分钟内至少要能续约两次，续约间隔 ${heartbeatSeconds} 秒太长，请改为 ${leaseMinutes * 30} 秒以内。`,
    );
  }
  if (dialsPerPersonDay < dialsPerNumberDay) {
    issues.push(
      `每名考生每天最多 ${dialsPerPersonDay} 次，少于每个号码的 ${dialsPerNumberDay} 次，请把前者改为不少于 ${dialsPerNumberDay} 次。`,
    );
  }
  if (settings.groupOpenAfterMinutes > settings.poolOpenAfterMinutes) {
    issues.push(
      `放给本组（${settings.groupOpenAfterMinutes} 分钟）不能晚于放给所有人（${settings.poolOpenAfterMinutes} 分钟）。`,
    );
  }
  if (settings.materialSecondHours <= settings.materialFirstHours) {
    issues.push(
      `第二次催材料（${settings.materialSecondHours} 小时）要晚于第一次（${settings.materialFirstHours} 小时）。`,
    );
  }
  for (const { name, basicPerMille, targetPerMille } of arrivalTargets(settings)) {
    if (basicPerMille > targetPerMille) {
      issues.push(`${name}的基本任务 ${percent(basicPerMille)} 高于目标任务 ${percent(targetPerMille)}。`);
    }
  }
  return issues;
}

const LEVEL_NAMES: Readonly<Record<TargetLevel, string>> = { undergraduate: '本科', junior: '专科' };

function arrivalTargets({ arrival, callerArrival }: FollowUpSettings): (ArrivalTarget & { name: string })[] {
  return TARGET_LEVELS.flatMap((level) => [
    { name: `${LEVEL_NAMES[level]}报到率`, ...arrival[level] },
    { name: `${LEVEL_NAMES[level]}可退档省份个人报到率`, ...callerArrival[level].withdrawable },
    { name: `${LEVEL_NAMES[level]}不可退档省份个人报到率`, ...callerArrival[level].binding },
  ]);
}

/** 985 as 98.5 %. */
export const percent = (perMille: number): string => `${Math.floor(perMille / 10)}.${perMille % 10}%`;

/** One changed figure: the path inside the settings, before and after. */
export interface SettingChange {
  readonly path: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
}

/** The leaves that differ, in the order of the settings. Lists count as one leaf. */
export function settingChanges(before: object, after: object, path: readonly string[] = []): SettingChange[] {
  return Object.entries(after).flatMap(([key, value]) => {
    const old: unknown = (before as Record<string, unknown>)[key];
    const here = [...path, key];
    if (isTree(value) && isTree(old)) return settingChanges(old, value, here);
    return JSON.stringify(old) === JSON.stringify(value) ? [] : [{ path: here, before: old, after: value }];
  });
}

const isTree = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
