/** 请假: the head of the unit, personnel and the admissions office, three different people. Seed 001 part 4.3. */
export const STEPS = ['unit', 'personnel', 'office'] as const;
export type Step = (typeof STEPS)[number];

export const STEP_LABELS: Readonly<Record<Step, string>> = {
  unit: '部门',
  personnel: '人事处',
  office: '招办',
};

export type LeaveState = 'requested' | 'approved' | 'rejected' | 'ended';

export const LEAVE_DAYS_MAX = 60;

export interface LeaveFault<Code extends string> {
  readonly code: Code;
  readonly message: string;
}

/** First and last day, YYYY-MM-DD, both included. */
export interface Days {
  readonly startsOn: string;
  readonly endsOn: string;
}

const DAY = 86_400_000;
const dayCount = ({ startsOn, endsOn }: Days): number =>
  (Date.parse(endsOn) - Date.parse(startsOn)) / DAY + 1;

/** What keeps a request from being made. `others` are the person's requested or approved leaves. */
export function requestFault(
  days: Days,
  today: string,
  others: readonly Days[],
): LeaveFault<'dates' | 'overlap'> | null {
  if (days.startsOn > days.endsOn)
    return { code: 'dates', message: `结束日期 ${days.endsOn} 早于开始日期 ${days.startsOn}，请改正。` };
  if (days.startsOn < today)
    return { code: 'dates', message: `开始日期 ${days.startsOn} 已经过去，请从今天（${today}）或以后开始。` };
  const count = dayCount(days);
  if (count > LEAVE_DAYS_MAX)
    return {
      code: 'dates',
      message: `一次请假 ${count} 天，最多 ${LEAVE_DAYS_MAX} 天，长期离开请联系招办办理退出回访。`,
    };
  const clash = others.find((other) => other.startsOn <= days.endsOn && days.startsOn <= other.endsOn);
  return clash
    ? {
        code: 'overlap',
        message: `与 ${clash.startsOn} 至 ${clash.endsOn} 的请假重叠，请改日期或先撤回那一次。`,
      }
    : null;
}

export interface LeaveFacts {
  readonly state: LeaveState;
  readonly requesterId: string;
  /** Who approved each step so far. */
  readonly approvedBy: Readonly<Record<Step, string | null>>;
  /** Head of the requester's unit. */
  readonly unitHeadId: string | null;
  /** Leader of the requester's group: stands in where there is no head of the unit, as for students, or the head asks. */
  readonly groupLeaderId: string | null;
}

export interface Decider {
  readonly id: string | null;
  readonly roles: readonly string[];
}

/** The head of the unit, else the leader of the group: the first of them who is not asking themselves. */
export const unitApproverOf = ({
  unitHeadId,
  groupLeaderId,
  requesterId,
}: Pick<LeaveFacts, 'unitHeadId' | 'groupLeaderId' | 'requesterId'>): string | null =>
  [unitHeadId, groupLeaderId].find((one) => one !== null && one !== requesterId) ?? null;

/** Whose step it is. */
function answersFor(step: Step, leave: LeaveFacts, { id, roles }: Decider): boolean {
  if (step === 'personnel') return roles.includes('personnel');
  if (step === 'office') return roles.includes('admissions_office');
  return id !== null && id === unitApproverOf(leave);
}

type DecideCode = 'decided' | 'own_request' | 'step_done' | 'second_step' | 'not_yours';

/** Maker-checker: never the requester, never two steps by one person. */
export function decideFault(step: Step, leave: LeaveFacts, decider: Decider): LeaveFault<DecideCode> | null {
  if (leave.state !== 'requested') return { code: 'decided', message: '这次请假已经办结，请刷新页面。' };
  if (leave.requesterId === decider.id)
    return { code: 'own_request', message: '不能审批自己的请假，请由其他人办理。' };
  if (leave.approvedBy[step] !== null)
    return { code: 'step_done', message: `${STEP_LABELS[step]}一关已经通过，请刷新页面。` };
  const mine = STEPS.find((other) => decider.id !== null && leave.approvedBy[other] === decider.id);
  if (mine)
    return { code: 'second_step', message: `您已办过${STEP_LABELS[mine]}一关，三关要由三个人分别审批。` };
  if (answersFor(step, leave, decider)) return null;
  return { code: 'not_yours', message: `${STEP_LABELS[step]}一关由${whose(step, leave)}审批。` };
}

function whose(step: Step, leave: LeaveFacts): string {
  if (step !== 'unit') return STEP_LABELS[step];
  const approver = unitApproverOf(leave);
  if (approver === null) return '部门负责人（请先在“小组与部门”页登记本人以外的部门负责人）';
  return approver === leave.unitHeadId
    ? '本人所在部门的负责人'
    : '本人所在小组的组长（所在部门没有登记负责人，或负责人就是本人）';
}

/** The step that this person may decide now, or null. */
export const stepFor = (leave: LeaveFacts, decider: Decider): Step | null =>
  STEPS.find((step) => decideFault(step, leave, decider) === null) ?? null;

/** Approved once all three have. */
export const isComplete = (approvedBy: LeaveFacts['approvedBy']): boolean =>
  STEPS.every((step) => approvedBy[step] !== null);
