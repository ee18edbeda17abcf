/** What the office may tune about the follow-up of a season; every change is a new version. follow-up.md, "Outcomes and retry rules". */
export interface FollowUpSettings {
  /** A lease without heartbeat is over after this. */
  readonly leaseMinutes: number;
  readonly undoSeconds: number;
  /** Dials a day: per number, whoever of the tenant dials, and per candidate over all campaigns. */
  readonly dialsPerNumberPerDay: number;
  readonly dialsPerCandidatePerDay: number;
  readonly minutesBetweenDials: number;
  /** Hours around the clock time of the last no-answer that are avoided, unless the deadline is nearer than `urgentHours`. */
  readonly avoidHours: number;
  readonly urgentHours: number;
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
  readonly escalation: Readonly<
    Record<EscalationTier, { readonly acceptMinutes: number; readonly resolveMinutes: number }>
  >;
  readonly automaticSms: boolean;
  readonly smsPerNumberPerDay: number;
  /** Seed 001: at least so many contacts and minutes a candidate on average. */
  readonly targets: { readonly contacts: number; readonly talkMinutes: number };
}

export const ESCALATION_TIERS = ['leader', 'escalation_team', 'supervisor', 'office'] as const;
export type EscalationTier = (typeof ESCALATION_TIERS)[number];

export const DEFAULT_SETTINGS: FollowUpSettings = {
  leaseMinutes: 20,
  undoSeconds: 5,
  dialsPerNumberPerDay: 3,
  dialsPerCandidatePerDay: 6,
  minutesBetweenDials: 30,
  avoidHours: 2,
  urgentHours: 24,
  callbackOwnerMinutes: 15,
  callbackGroupMinutes: 15,
  groupAfterMinutes: 24 * 60,
  poolAfterMinutes: 48 * 60,
  starvationHours: 72,
  paperReminderHours: [4, 24],
  paperLastHours: 6,
  unreachable: { dialsPerNumber: 6, dialsPerNumberUrgent: 3, dayParts: 3 },
  escalation: {
    leader: { acceptMinutes: 240, resolveMinutes: 1440 },
    escalation_team: { acceptMinutes: 240, resolveMinutes: 2880 },
    supervisor: { acceptMinutes: 60, resolveMinutes: 1440 },
    office: { acceptMinutes: 240, resolveMinutes: 1440 },
  },
  automaticSms: true,
  smsPerNumberPerDay: 1,
  targets: { contacts: 4, talkMinutes: 20 },
};

/** Settings as stored: what a version does not name has its default. */
export function settingsFrom(stored: unknown): FollowUpSettings {
  if (typeof stored !== 'object' || stored === null) return DEFAULT_SETTINGS;
  const given = stored as Partial<FollowUpSettings>;
  return {
    ...DEFAULT_SETTINGS,
    ...given,
    unreachable: { ...DEFAULT_SETTINGS.unreachable, ...given.unreachable },
    escalation: { ...DEFAULT_SETTINGS.escalation, ...given.escalation },
    targets: { ...DEFAULT_SETTINGS.targets, ...given.targets },
  };
}
