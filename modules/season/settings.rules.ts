/**
 * Settings of the follow-up: the one type that queue, escalation, withdrawal, assignment and reports read. All figures are integers; rates are per mille.
 */

/** What the office may tune about the follow-up of a season; every change is a new version. */
export interface FollowUpSettings {
  /** A lease without heartbeat is over after this. */
  readonly leaseMinutes: number;
  readonly heartbeatSeconds: number;
  readonly undoSeconds: number;
  /** Dials a day: per number, whoever of the tenant dials, and per candidate over all phases and groups. */
  readonly dialsPerNumberPerDay: number;
  readonly dialsPerCandidatePerDay: number;
  readonly minutesBetweenDials: number;
  /** Hours around the clock time of the last no-answer that are avoided, unless the deadline is nearer than `urgentHours`. */
  readonly avoidHours: number;
  readonly urgentHours: number;
  /** A second 空号 counts only after so many hours. */
  readonly vacantConfirmHours: number;
  /** 确认录取 is refused with fewer numbers: seed 000 part 三. */
  readonly numbersBeforeConfirmed: number;
  /** Minutes until the next try after an outcome. */
  readonly retryMinutes: Readonly<Record<RetryCode, number>>;
  /** After so many of an outcome (L3: days) the case is handed over. */
  readonly handOverAfter: Readonly<Record<HandOverCode, number>>;
  /** 考虑: asked again within so many hours, in the last day before the deadline oftener. */
  readonly considerHours: number;
  readonly considerLastDayHours: number;
  /** A call-back belongs to its owner, then to the group, then to anyone. */
  readonly callbackOwnerMinutes: number;
  readonly callbackGroupMinutes: number;
  /** A due case that its owner does not pull opens to the group, then to anyone. */
  readonly groupAfterMinutes: number;
  readonly poolAfterMinutes: number;
  readonly starvationHours: number;
  /** A withdrawal in preparation is reminded of its papers after these hours, and last so long before the deadline. */
  readonly paperReminderHours: readonly number[];
  readonly paperLastHours: number;
  /** When the platform itself says 联系不上: seed 000 part 6. */
  readonly unreachable: {
    readonly dialsPerNumber: number;
    readonly dialsPerNumberUrgent: number;
    readonly dayParts: number;
  };
  /** Minutes until a hand-over must be accepted, and then dealt with. */
  readonly escalation: Readonly<Record<EscalationTier, TierSetting>>;
  readonly automaticSms: boolean;
  /** Callers from outside the group may pull minors; whoever saved it is the named approver (未成年人网络保护条例 art. 36). */
  readonly minorsOutsideGroups: boolean;
  readonly smsPerNumberPerDay: number;
  readonly revealsPerDay: number;
  /** Exports of more rows than this need a second person. */
  readonly exportApprovalRows: number;
  readonly targets: Targets;
}

/** Outcomes whose wait the office may change. The catalogue itself belongs to the follow-up. */
export const RETRY_CODES = ['L3', 'L4', 'L5', 'L6', 'L7', 'L8', 'A3', 'A4', 'A7', 'A9', 'A10', 'R4'] as const;
export type RetryCode = (typeof RETRY_CODES)[number];

/** Outcomes whose hand-over the office may change. */
export const HAND_OVER_CODES = ['L2', 'L3', 'L7', 'A4', 'R3', 'R4', 'R7'] as const;
export type HandOverCode = (typeof HAND_OVER_CODES)[number];

export const ESCALATION_TIERS = ['leader', 'escalation_team', 'supervisor', 'office'] as const;
export type EscalationTier = (typeof ESCALATION_TIERS)[number];

export interface TierSetting {
  readonly acceptMinutes: number;
  readonly resolveMinutes: number;
}

export const TARGET_LEVELS = ['undergraduate', 'junior'] as const;
export type TargetLevel = (typeof TARGET_LEVELS)[number];

/** Arrival rates in per mille: 985 is 98.5 %. */
export interface ArrivalTarget {
  readonly basicPerMille: number;
  readonly targetPerMille: number;
}

export interface Targets {
  /** Seed 001: at least so many contacts and minutes a candidate on average. */
  readonly contacts: number;
  readonly talkMinutes: number;
  /** Early payment: from admission to a week after, until a week before closing, before closing. */
  readonly earlyPaymentPerMille: readonly number[];
  /** Of the whole season, by level: seed 001 part 五 (一). */
  readonly arrival: Readonly<Record<TargetLevel, ArrivalTarget>>;
  /** Of one caller, in withdrawable and in binding provinces: seed 001 part 六 (二). */
  readonly callerArrival: Readonly<Record<TargetLevel, Readonly<Record<PolicyKind, ArrivalTarget>>>>;
}

export const POLICY_KINDS = ['withdrawable', 'binding'] as const;
export type PolicyKind = (typeof POLICY_KINDS)[number];

const HOUR = 60;
const DAY = 24 * HOUR;

/** What a new season starts with. */
export const DEFAULT_SETTINGS: FollowUpSettings = {
  leaseMinutes: 20,
  heartbeatSeconds: 60,
  undoSeconds: 5,
  dialsPerNumberPerDay: 3,
  dialsPerCandidatePerDay: 6,
  minutesBetweenDials: 30,
  avoidHours: 2,
  urgentHours: 24,
  vacantConfirmHours: 4,
  numbersBeforeConfirmed: 2,
  retryMinutes: {
    L3: 2 * HOUR,
    L4: HOUR,
    L5: 30,
    L6: 10,
    L7: 4 * HOUR,
    L8: 3 * HOUR,
    A3: 2 * HOUR,
    A4: 2 * HOUR,
    A7: HOUR,
    A9: HOUR,
    A10: 2,
    R4: DAY,
  },
  handOverAfter: { L2: 3, L3: 3, L7: 3, A4: 4, R3: 3, R4: 2, R7: 3 },
  considerHours: 24,
  considerLastDayHours: 4,
  callbackOwnerMinutes: 15,
  callbackGroupMinutes: 15,
  groupAfterMinutes: DAY,
  poolAfterMinutes: 2 * DAY,
  starvationHours: 72,
  paperReminderHours: [4, 24],
  paperLastHours: 6,
  unreachable: { dialsPerNumber: 6, dialsPerNumberUrgent: 3, dayParts: 3 },
  escalation: {
    leader: { acceptMinutes: 4 * HOUR, resolveMinutes: DAY },
    escalation_team: { acceptMinutes: 4 * HOUR, resolveMinutes: 2 * DAY },
    supervisor: { acceptMinutes: HOUR, resolveMinutes: DAY },
    office: { acceptMinutes: 4 * HOUR, resolveMinutes: DAY },
  },
  automaticSms: true,
  minorsOutsideGroups: false,
  smsPerNumberPerDay: 1,
  revealsPerDay: 40,
  exportApprovalRows: 500,
  targets: {
    contacts: 4,
    talkMinutes: 20,
    earlyPaymentPerMille: [200, 600, 800],
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
  },
};

/** Settings as stored: what a version does not name has its default. */
export function settingsFrom(stored: unknown): FollowUpSettings {
  if (!isTree(stored)) return DEFAULT_SETTINGS;
  return overlay(DEFAULT_SETTINGS, stored) as FollowUpSettings;
}

function overlay(base: object, over: object): object {
  const merged = Object.entries(base).map(([key, value]: [string, unknown]) => {
    const given: unknown = (over as Record<string, unknown>)[key];
    if (given === undefined) return [key, value];
    return [key, isTree(value) && isTree(given) ? overlay(value, given) : given];
  });
  return Object.fromEntries(merged);
}

const isTree = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Smallest and largest allowed figure. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

const within = (min: number, max: number): Bounds => ({ min, max });
const MINUTES = within(1, 7 * DAY);
const PER_MILLE = within(0, 1000);
const TIMES = within(1, 30);

/** Bounds by path inside the settings; `*` stands for every key or place there. */
export const SETTING_BOUNDS: Readonly<Record<string, Bounds>> = {
  leaseMinutes: within(5, 120),
  heartbeatSeconds: within(15, 300),
  undoSeconds: within(0, 30),
  dialsPerNumberPerDay: within(1, 10),
  dialsPerCandidatePerDay: within(1, 20),
  minutesBetweenDials: within(5, 720),
  avoidHours: within(0, 6),
  urgentHours: within(1, 72),
  vacantConfirmHours: within(1, 48),
  numbersBeforeConfirmed: within(1, 4),
  'retryMinutes.*': MINUTES,
  'handOverAfter.*': TIMES,
  considerHours: within(1, 72),
  considerLastDayHours: within(1, 12),
  callbackOwnerMinutes: within(0, 240),
  callbackGroupMinutes: within(0, 480),
  groupAfterMinutes: within(0, 7 * DAY),
  poolAfterMinutes: within(0, 14 * DAY),
  starvationHours: within(1, 336),
  'paperReminderHours.*': within(1, 96),
  paperLastHours: within(1, 48),
  'unreachable.dialsPerNumber': TIMES,
  'unreachable.dialsPerNumberUrgent': TIMES,
  'unreachable.dayParts': within(1, 4),
  'escalation.*.acceptMinutes': within(5, 7 * DAY),
  'escalation.*.resolveMinutes': within(5, 14 * DAY),
  smsPerNumberPerDay: within(0, 3),
  revealsPerDay: within(1, 500),
  exportApprovalRows: within(1, 100_000),
  'targets.contacts': within(1, 20),
  'targets.talkMinutes': within(1, 240),
  'targets.earlyPaymentPerMille.*': PER_MILLE,
  'targets.arrival.*.*': PER_MILLE,
  'targets.callerArrival.*.*.*': PER_MILLE,
};

const PATTERNS = Object.entries(SETTING_BOUNDS).map(([path, bounds]) => ({ path: path.split('.'), bounds }));

/** The bounds of one figure, or null for what is no figure. */
export function boundsOf(path: readonly string[]): Bounds | null {
  const found = PATTERNS.find(
    (one) =>
      one.path.length === path.length &&
      one.path.every((part, place) => part === '*' || part === path[place]),
  );
  return found?.bounds ?? null;
}

/** One changed figure: the path inside the settings, before and after. Lists count as one figure. */
export interface SettingChange {
  readonly path: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
}

/** The figures that differ, in the order of the settings. */
export function settingChanges(before: object, after: object, path: readonly string[] = []): SettingChange[] {
  return Object.entries(after).flatMap(([key, value]) => {
    const old: unknown = (before as Record<string, unknown>)[key];
    const here = [...path, key];
    if (isTree(value) && isTree(old)) return settingChanges(old, value, here);
    return JSON.stringify(old) === JSON.stringify(value) ? [] : [{ path: here, before: old, after: value }];
  });
}
