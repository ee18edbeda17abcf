/** The season of a college: phases, rounds, batches, and the policy of each province. */
import { provinceName } from './province.rules.ts';

export {
  defaultCallingHours,
  findProvince,
  PROVINCES,
  provinceName,
  provinceOf,
} from './province.rules.ts';
export {
  type Bounds,
  boundsOf,
  DEFAULT_SETTINGS,
  ESCALATION_TIERS,
  type EscalationTier,
  type FollowUpSettings,
  HAND_OVER_CODES,
  type HandOverCode,
  POLICY_KINDS,
  type PolicyKind,
  RETRY_CODES,
  type RetryCode,
  type SettingChange,
  settingChanges,
  settingsFrom,
  TARGET_LEVELS,
  type TargetLevel,
} from './settings.rules.ts';
export { settingIssues } from './settings-check.rules.ts';

export type SeasonId = string & { readonly brand: 'SeasonId' };
export type BatchId = string & { readonly brand: 'BatchId' };
export type MajorId = string & { readonly brand: 'MajorId' };
export type PolicyId = string & { readonly brand: 'PolicyId' };

/** 志愿填报指导, 投档, 录取后, 报到: seed 001 part 五 (二). */
export const PHASES = ['guidance', 'filing', 'admitted', 'arrival'] as const;
export type Phase = (typeof PHASES)[number];

/** Rounds inside the filing phase: seed 000 part 二. */
export const ROUNDS = ['first', 'focus', 'final'] as const;
export type Round = (typeof ROUNDS)[number];

export const LEVELS = ['undergraduate', 'junior', 'upgrade'] as const;
export type Level = (typeof LEVELS)[number];

export interface Season {
  readonly id: SeasonId;
  readonly name: string;
  readonly year: number;
  readonly collegeName: string;
  /** Area code of the college's landlines with its leading 0; decides which numbers are local. */
  readonly homeAreaCode: string;
  readonly active: boolean;
  readonly phase: Phase;
  readonly round: Round;
}

export interface Batch {
  readonly id: BatchId;
  readonly seasonId: SeasonId;
  readonly code: string;
  readonly name: string;
  readonly level: Level;
  readonly art: boolean;
}

export interface Major {
  readonly id: MajorId;
  readonly seasonId: SeasonId;
  readonly code: string;
  readonly name: string;
  readonly level: Level;
  readonly art: boolean;
  readonly tuitionFen: number;
  readonly seats: number;
}

/** Policy of a province in a batch (and district, '' for all). Null: nobody has entered it yet. */
export interface Policy {
  readonly id: PolicyId;
  readonly seasonId: SeasonId;
  readonly provinceCode: string;
  readonly batchId: BatchId;
  readonly districtCode: string;
  readonly withdrawable: boolean | null;
  readonly phoneShielded: boolean | null;
  readonly newExam: boolean | null;
  readonly artSchoolExam: boolean;
  readonly seats: number | null;
  readonly batchStartsAt: number | null;
  readonly batchEndsAt: number | null;
  readonly withdrawalDeadlineAt: number | null;
  /** HH:MM, Beijing time. */
  readonly callingFrom: string;
  readonly callingUntil: string;
  readonly version: number;
  readonly updatedAt: number;
}

/** What the office enters of a policy. */
export type PolicyFields = Omit<Policy, 'id' | 'seasonId' | 'version' | 'updatedAt'>;

/** One fact that a release needs and nobody has entered. */
export interface Missing {
  readonly field:
    | 'policy'
    | 'withdrawable'
    | 'phoneShielded'
    | 'newExam'
    | 'seats'
    | 'batchStartsAt'
    | 'batchEndsAt'
    | 'withdrawalDeadlineAt';
  readonly message: string;
}

/** Facts every province needs, in the order asked for. Seed 001 part 三 (二). */
const NEEDED = [
  ['withdrawable', '能否退档', '选择“可退档”或“不可退档”'],
  ['phoneShielded', '是否屏蔽考生电话', '选择“屏蔽”或“不屏蔽”'],
  ['newExam', '是否新高考', '选择“新高考”或“传统高考”'],
  ['seats', '招生计划数', '填写计划数'],
  ['batchStartsAt', '批次开始时间', '填写批次起止时间'],
  ['batchEndsAt', '批次结束时间', '填写批次起止时间'],
] as const satisfies readonly (readonly [Missing['field'] & keyof Policy, string, string])[];

const WHERE = '设置 > 各省政策';

/**
 * What blocks the release of a province and batch, one sentence each; empty when it may be released. Pass null when
 * the province has no policy at all. A withdrawable province also needs its deadline for withdrawals.
 */
export function missingForRelease(
  policy: Policy | null,
  place: { readonly provinceCode: string; readonly batchName: string },
): Missing[] {
  const subject = `${provinceName(place.provinceCode)}${place.batchName}`;
  if (!policy) {
    const message = `${subject}还没有录入政策，请到“${WHERE}”点“补录政策”。`;
    return [{ field: 'policy', message }];
  }
  const sentence = (field: Missing['field'], what: string, how: string): Missing => ({
    field,
    message: `${subject}还没有填写${what}，请到“${WHERE}”打开${subject}，${how}。`,
  });
  const missing: Missing[] = NEEDED.filter(([field]) => policy[field] === null).map(([field, what, how]) =>
    sentence(field, what, how),
  );
  if (policy.withdrawable && policy.withdrawalDeadlineAt === null) {
    missing.push(sentence('withdrawalDeadlineAt', '退档截止时间', '填写退档截止时间'));
  }
  return missing;
}

/** Withdrawable provinces that shield phones go to the escalation team, art school-exam candidates excepted: seed 001 (三) 2. */
export const goesToEscalationTeam = (
  policy: Pick<Policy, 'withdrawable' | 'phoneShielded' | 'artSchoolExam'>,
): boolean => policy.withdrawable === true && policy.phoneShielded === true && !policy.artSchoolExam;

/** What has to be settled by then: withdrawals where they are possible, else the end of the batch. */
export const caseDeadlineOf = (
  policy: Pick<Policy, 'withdrawable' | 'withdrawalDeadlineAt' | 'batchEndsAt'>,
): number | null => (policy.withdrawable ? policy.withdrawalDeadlineAt : policy.batchEndsAt) ?? null;

/** Work of #follow-up, asked for when that deadline changes: open cases carry it. Payload: `policyId`. */
export const DEADLINES_JOB = 'follow-up.deadlines';

/** What contradicts itself in a policy, as sentences; empty when it can be saved. */
export function policyIssues(
  fields: Omit<PolicyFields, 'provinceCode' | 'batchId' | 'districtCode'>,
): string[] {
  const { batchStartsAt, batchEndsAt, withdrawalDeadlineAt } = fields;
  const issues: string[] = [];
  if (batchStartsAt !== null && batchEndsAt !== null && batchStartsAt >= batchEndsAt) {
    issues.push('批次结束时间要晚于开始时间，请检查两个时间。');
  }
  if (batchEndsAt !== null && withdrawalDeadlineAt !== null && withdrawalDeadlineAt > batchEndsAt) {
    issues.push('退档截止时间不能晚于批次结束时间，批次结束后省里不再受理退档。');
  }
  if (fields.withdrawable === false && withdrawalDeadlineAt !== null) {
    issues.push('不可退档的省份没有退档截止时间，请清空它，或改为可退档。');
  }
  if (fields.callingFrom >= fields.callingUntil) {
    issues.push(`拨打时段从 ${fields.callingFrom} 到 ${fields.callingUntil}，结束要晚于开始。`);
  }
  return issues;
}

/** A place in the season: round counts only inside the filing phase. */
export interface Stage {
  readonly phase: Phase;
  readonly round: Round;
}

/** The steps of a season in order: three rounds of filing between guidance and admitted. */
export const STAGES: readonly Stage[] = [
  { phase: 'guidance', round: 'first' },
  { phase: 'filing', round: 'first' },
  { phase: 'filing', round: 'focus' },
  { phase: 'filing', round: 'final' },
  { phase: 'admitted', round: 'first' },
  { phase: 'arrival', round: 'first' },
];

export const stageIndex = ({ phase, round }: Stage): number =>
  STAGES.findIndex((stage) => stage.phase === phase && (phase !== 'filing' || stage.round === round));

/** One step forward, or one back to correct a mistake; anything else skips work that somebody must see. */
export const canMoveTo = (from: Stage, to: Stage): boolean =>
  Math.abs(stageIndex(to) - stageIndex(from)) === 1;
