import {
  type EscalationTier,
  HAND_OVER_CODES,
  type PolicyKind,
  RETRY_CODES,
  type TargetLevel,
} from '../rules.ts';

/** One figure of the settings as the page shows it. */
export interface SettingField {
  readonly path: readonly string[];
  readonly label: string;
  readonly unit: string;
}

export interface SettingGroup {
  readonly title: string;
  readonly note: string;
  readonly fields: readonly SettingField[];
}

/** Names of outcomes as callers know them. */
const OUTCOMES: Readonly<Record<string, string>> = {
  L2: '停机、欠费',
  L3: '关机',
  L4: '无法接通',
  L5: '无人接听',
  L6: '占线',
  L7: '拒接',
  L8: '呼转、语音信箱',
  A3: '学校有人接听',
  A4: '邻居、村委接听',
  A7: '说一会儿回电',
  A9: '方言、沟通不便',
  A10: '中途断线',
  R3: '考虑',
  R4: '态度冷淡',
  R7: '他校、复读、参军、出国',
};

const TIERS: Readonly<Record<EscalationTier, string>> = {
  leader: '组长',
  escalation_team: '突击组',
  supervisor: '督查组',
  office: '招办',
};
const LEVELS: Readonly<Record<TargetLevel, string>> = { undergraduate: '本科', junior: '专科' };
const KINDS: Readonly<Record<PolicyKind, string>> = { withdrawable: '可退档省份', binding: '不可退档省份' };

const one = (path: string, label: string, unit: string): SettingField => ({
  path: path.split('.'),
  label,
  unit,
});

const arrivalFields = (Object.keys(LEVELS) as TargetLevel[]).flatMap((level) => [
  one(`targets.arrival.${level}.basicPerMille`, `${LEVELS[level]}报到率，基本任务`, '‰'),
  one(`targets.arrival.${level}.targetPerMille`, `${LEVELS[level]}报到率，目标任务`, '‰'),
  ...(Object.keys(KINDS) as PolicyKind[]).flatMap((kind) => [
    one(
      `targets.callerArrival.${level}.${kind}.basicPerMille`,
      `个人：${LEVELS[level]}${KINDS[kind]}，基本`,
      '‰',
    ),
    one(
      `targets.callerArrival.${level}.${kind}.targetPerMille`,
      `个人：${LEVELS[level]}${KINDS[kind]}，目标`,
      '‰',
    ),
  ]),
]);

export const SETTING_GROUPS: readonly SettingGroup[] = [
  {
    title: '拨打上限',
    note: '按考生和号码计算，全校各组合并计数，避免一天打扰一家人很多次。',
    fields: [
      one('dialsPerNumberPerDay', '每个号码每天最多', '次'),
      one('dialsPerCandidatePerDay', '每名考生每天最多', '次'),
      one('minutesBetweenDials', '同一号码两次之间至少', '分钟'),
      one('avoidHours', '避开上次无人接听的钟点，前后', '小时'),
      one('urgentHours', '离截止不足多久可不避开', '小时'),
      one('vacantConfirmHours', '空号再次确认至少间隔', '小时'),
      one('numbersBeforeConfirmed', '确认录取前至少登记号码', '个'),
      one('smsPerNumberPerDay', '每个号码每天短信最多', '条'),
    ],
  },
  {
    title: '占用与回拨',
    note: '领到考生后多久不操作就放回，约定的回拨多久没打就交给别人。',
    fields: [
      one('leaseMinutes', '领取后无操作多久放回', '分钟'),
      one('heartbeatSeconds', '页面续约间隔', '秒'),
      one('undoSeconds', '提交后可撤销', '秒'),
      one('callbackOwnerMinutes', '回拨到点后留给本人', '分钟'),
      one('callbackGroupMinutes', '之后留给本组', '分钟'),
      one('groupAfterMinutes', '到期未打，放给本组', '分钟后'),
      one('poolAfterMinutes', '到期未打，放给所有人', '分钟后'),
      one('starvationHours', '等待过久报警', '小时'),
    ],
  },
  {
    title: '没打通，多久再打',
    note: '第一次按这里的间隔，之后换到打得最少的时段（上午、下午、晚上、周末）。',
    fields: RETRY_CODES.map((code) => one(`retryMinutes.${code}`, OUTCOMES[code] ?? code, '分钟后')),
  },
  {
    title: '同样的结果几次后交给上一级',
    note: '关机按天数计算，其余按次数计算。',
    fields: HAND_OVER_CODES.map((code) =>
      one(`handOverAfter.${code}`, OUTCOMES[code] ?? code, code === 'L3' ? '天' : '次'),
    ),
  },
  {
    title: '考虑、退档材料、联系不上',
    note: '“联系不上”只能由系统判定：每个号码打满次数、跨够时段、短信和微信都试过。',
    fields: [
      one('considerHours', '“考虑”多久内再联系', '小时'),
      one('considerLastDayHours', '截止前最后一天每隔', '小时'),
      one('paperReminderHours.0', '退档材料第一次提醒', '小时后'),
      one('paperReminderHours.1', '第二次提醒', '小时后'),
      one('paperLastHours', '截止前最后提醒', '小时'),
      one('unreachable.dialsPerNumber', '判定联系不上：每个号码打满', '次'),
      one('unreachable.dialsPerNumberUrgent', '临近截止时打满', '次'),
      one('unreachable.dayParts', '至少跨过', '个时段'),
    ],
  },
  {
    title: '转交处理时限',
    note: '移交后没人接手之前，仍由原负责人负责。',
    fields: (Object.keys(TIERS) as EscalationTier[]).flatMap((tier) => [
      one(`escalation.${tier}.acceptMinutes`, `${TIERS[tier]}接手`, '分钟内'),
      one(`escalation.${tier}.resolveMinutes`, `${TIERS[tier]}办结`, '分钟内'),
    ]),
  },
  {
    title: '个人信息',
    note: '查看完整号码和导出都会记入日志。',
    fields: [
      one('revealsPerDay', '每人每天最多显示完整信息', '次'),
      one('exportApprovalRows', '导出超过多少条要另一人审批', '条'),
    ],
  },
  {
    title: '目标',
    note: '‰ 是千分比：985 表示 98.5%。缴费率只统计已录取的考生，录取之前没有订单。',
    fields: [
      one('targets.contacts', '每名考生平均联系不少于', '次'),
      one('targets.talkMinutes', '每名考生平均通话不少于', '分钟'),
      one('targets.earlyPaymentPerMille.0', '录取后一周内提前缴费率', '‰'),
      one('targets.earlyPaymentPerMille.1', '关闭缴费前一周', '‰'),
      one('targets.earlyPaymentPerMille.2', '关闭缴费前', '‰'),
      ...arrivalFields,
    ],
  },
];

const LABELS = new Map(
  SETTING_GROUPS.flatMap(({ title, fields }) =>
    fields.map(({ path, label, unit }) => [path.join('.'), { label: `${title}：${label}`, unit }] as const),
  ),
);

/** A change as a sentence part: "拨打上限：每个号码每天最多 3 → 4 次". */
export function changeText(change: { path: readonly string[]; before: unknown; after: unknown }): string {
  const path = change.path.join('.');
  if (path === 'minorsOutsideGroups')
    return `允许组外人员取用未成年考生：${onOff(change.before)} → ${onOff(change.after)}`;
  if (path === 'automaticSms') return `自动短信：${onOff(change.before)} → ${onOff(change.after)}`;
  const known = LABELS.get(path) ?? LABELS.get(`${path}.0`);
  const text = (value: unknown): string => (Array.isArray(value) ? value.join('、') : String(value));
  return `${known?.label ?? path} ${text(change.before)} → ${text(change.after)} ${known?.unit ?? ''}`.trim();
}

const onOff = (value: unknown): string => (value === true ? '开' : '关');
