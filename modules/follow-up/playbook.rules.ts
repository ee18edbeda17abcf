/**
 * The playbook for candidates nobody reaches: within 个人信息保护法 art. 6, 13 and 23 (every number found keeps its source
 * and basis, and third persons are told nothing about the candidate).
 */

export const PLAYBOOK_STEPS = [
  'same_school',
  'office_number',
  'directory',
  'sms',
  'social',
  'hand_over',
] as const;
export type PlaybookStep = (typeof PLAYBOOK_STEPS)[number];

/** Ways of directory enquiry, by where the candidate lives. */
export const ROUTES = ['village', 'property', 'education_bureau', 'school', 'police'] as const;
export type PlaybookRoute = (typeof ROUTES)[number];

export const PLAYBOOK_OUTCOMES = ['found', 'nothing', 'waiting', 'not_applicable'] as const;
export type PlaybookOutcome = (typeof PLAYBOOK_OUTCOMES)[number];

interface StepRule {
  readonly label: string;
  readonly guidance: string;
  /** The ledger or the hand-over itself records it; nobody ticks it by hand. */
  readonly recordedBy: 'hand' | 'ledger' | 'hand_over';
}

export const STEP_RULES: Readonly<Record<PlaybookStep, StepRule>> = {
  same_school: {
    label: '请同校考生帮忙',
    guidance:
      '看看同一所中学还有哪些考生由您负责，通话时请对方捎话，让考生本人给招办回电。只说“请回电”，不谈对方的分数、志愿和录取情况。',
    recordedBy: 'hand',
  },
  office_number: {
    label: '请招办另找号码',
    guidance:
      '请招办核对投档单和报备登记，看有没有别的号码，也可以问班主任。先记“等待答复”，招办找到号码后会补在这里。',
    recordedBy: 'hand',
  },
  directory: {
    label: '114 查号',
    guidance: '拨当地区号加 114，按考生住址选一条路线。一次问到几个号码都要记下，写明是谁提供的。',
    recordedBy: 'hand',
  },
  sms: {
    label: '发短信',
    guidance: '陌生来电常被拒接。用审定的短信模板说明身份，请考生回电。',
    recordedBy: 'ledger',
  },
  social: {
    label: '按号码加微信或 QQ',
    guidance: '用手机号搜索微信、QQ，验证消息写明学校和姓名。搜不到、对方不通过都照实登记。',
    recordedBy: 'ledger',
  },
  hand_over: {
    label: '转突击组',
    guidance: '前面几步都试过、期限又近，就汇总情况转给组长或突击组。联系记录由系统附上。',
    recordedBy: 'hand_over',
  },
};

export const ROUTE_RULES: Readonly<
  Record<PlaybookRoute, { label: string; guidance: string; relation: 'village' | 'school' | 'other' }>
> = {
  village: {
    label: '农村：村委会',
    guidance: '查村委会电话，请村里广播或托人通知考生本人或家长回电。',
    relation: 'village',
  },
  property: {
    label: '城市：物业或街道办',
    guidance: '查小区物业或街道办事处电话，请工作人员转告考生或家长回电。',
    relation: 'village',
  },
  education_bureau: {
    label: '教育局',
    guidance: '查当地教育局电话，逐级问到中学和高三班主任，请班主任转告。',
    relation: 'other',
  },
  school: {
    label: '毕业中学',
    guidance: '查中学值班室或教务处电话，请高三年级组长、班主任转告。学校有几个电话就记几个。',
    relation: 'school',
  },
  police: {
    label: '户籍派出所',
    guidance:
      '查户籍地派出所电话，说明身份和缘由，请民警转告家长回电。对方愿意提供号码才登记，不追问其他信息。',
    relation: 'other',
  },
};

export const PLAYBOOK_OUTCOME_LABELS: Readonly<Record<PlaybookOutcome, string>> = {
  found: '找到号码或捎到话',
  nothing: '没有结果',
  waiting: '等待答复',
  not_applicable: '不适用',
};

export interface StepRecord {
  readonly step: PlaybookStep;
  readonly outcome: PlaybookOutcome;
  readonly at: number;
}

export interface Known {
  readonly records: readonly StepRecord[];
  /** Messages sent by channel, from the case. */
  readonly messages: Readonly<Record<string, number>>;
  readonly hasMobile: boolean;
  readonly withEscalationTeam: boolean;
  /** The province shields candidates' numbers: nobody outside is asked for one. */
  readonly shielded: boolean;
}

export type StepState = 'done' | 'waiting' | 'not_applicable' | 'next' | 'open';

export const STEP_STATE_LABELS: Readonly<Record<StepState, string>> = {
  done: '已做',
  waiting: '等待答复',
  not_applicable: '不适用',
  next: '下一步',
  open: '未做',
};

/** Where each step stands; the first that is neither done nor out of place is the next. */
export function playbookOf(known: Known): { step: PlaybookStep; state: StepState }[] {
  let found = false;
  return PLAYBOOK_STEPS.map((step) => {
    const state = stateOf(step, known);
    if (state !== 'open' || found) return { step, state };
    found = true;
    return { step, state: 'next' as const };
  });
}

function stateOf(
  step: PlaybookStep,
  { records, messages, hasMobile, shielded, withEscalationTeam }: Known,
): StepState {
  if (step === 'hand_over') return withEscalationTeam ? 'done' : 'open';
  if (step === 'directory' && shielded) return 'not_applicable';
  const sent = step === 'sms' ? (messages.sms ?? 0) : (messages.wechat ?? 0) + (messages.qq ?? 0);
  const written = step === 'sms' || step === 'social';
  if (written && sent > 0) return 'done';
  const last = records.filter((record) => record.step === step).toSorted((a, b) => b.at - a.at)[0];
  if (last?.outcome === 'not_applicable') return 'not_applicable';
  if (written) return hasMobile ? 'open' : 'not_applicable';
  if (!last) return 'open';
  return last.outcome === 'waiting' ? 'waiting' : 'done';
}

/** Why a record cannot be written so; null: it can. */
export function recordGap(given: {
  step: PlaybookStep;
  route: PlaybookRoute | null;
  outcome: PlaybookOutcome;
  detail: string;
  number: boolean;
  shielded: boolean;
}): string | null {
  const { step, route, outcome, detail, number } = given;
  const { recordedBy, label } = STEP_RULES[step];
  if (recordedBy !== 'hand' && outcome !== 'not_applicable')
    return `“${label}”由系统按实际发出或转出的记录，不用手工登记；不适用时请选“不适用”并写明原因。`;
  if (step === 'directory' && given.shielded && outcome !== 'not_applicable')
    return '该省屏蔽考生电话，只用现有号码，不向外查号。';
  if (recordedBy === 'hand_over') return `“${label}”按转交记录，不用登记。`;
  if (step === 'directory' && route === null && outcome !== 'not_applicable')
    return '请选择 114 查号的路线：村委会、物业或街道办、教育局、中学、派出所。';
  if (number && outcome !== 'found') return '已填写号码，结果请选“找到号码或捎到话”。';
  if (detail.length < 2) return '请写明问了谁、答复是什么，至少 2 个字。';
  return null;
}
