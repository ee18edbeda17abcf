import { Descriptions } from 'antd';
import type { ReactNode } from 'react';
import { type FindingCode, findingText } from '#delivery/rules';
import { TIER_LABELS } from '#follow-up/contract';
import { LEVEL_LABELS, PHASE_LABELS, ROUND_LABELS } from '#season/contract';
import { formatDateTime } from '#ui/format';

/** What a line of the audit log says, as a table: one row a field, before and after beside each other. */
export function AuditBody({ text }: { readonly text: string }) {
  const body = read(text);
  if (body === null) return <code className="zz-wrap">{text}</code>;
  const { before, after, ...rest } = body;
  const fields = new Set([...keysOf(before), ...keysOf(after)]);
  const rows = [
    ...[...fields].map((field) => ({
      key: field,
      label: wordOf(field),
      children: <Change field={field} before={fieldOf(before, field)} after={fieldOf(after, field)} />,
    })),
    ...Object.entries(rest).map(([key, value]) => ({ key, label: wordOf(key), children: shown(value, key) })),
  ];
  if (rows.length === 0) return <p className="zz-note">这条记录没有更多内容。</p>;
  return <Descriptions size="small" column={1} bordered items={rows} />;
}

/** The same in one line, for the list. */
export function bodyLine(text: string): string {
  const body = read(text);
  if (body === null) return text;
  const { before, after, ...rest } = body;
  const line = shown({ ...(isFields(before) ? before : {}), ...(isFields(after) ? after : {}), ...rest });
  return line === '' ? '—' : line;
}

type Fields = Readonly<Record<string, unknown>>;

function read(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const keysOf = (value: unknown): string[] => (isFields(value) ? Object.keys(value) : []);
const fieldOf = (value: unknown, field: string): unknown => (isFields(value) ? value[field] : undefined);

interface ChangeProps {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

function Change({ field, before, after }: ChangeProps): ReactNode {
  const [was, is] = [shown(before, field), shown(after, field)];
  if (before === undefined) return is;
  if (after === undefined) return <del>{was}</del>;
  return was === is ? is : `${was} → ${is}`;
}

/** Instants are milliseconds since 1970; nothing else in the log is as large. */
const FIRST_INSTANT = 1_000_000_000_000;

function shown(value: unknown, field = ''): string {
  if (value === null || value === undefined || value === '') return '空';
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (typeof value === 'number') return value >= FIRST_INSTANT ? formatDateTime(value) : String(value);
  if (typeof value === 'string') return FIELD_VALUES[field]?.[value] ?? VALUES[value] ?? value;
  if (Array.isArray(value))
    return value.length === 0 ? '无' : value.map((one) => shown(one, field)).join('、');
  return Object.entries(value)
    .map(([key, one]) => `${wordOf(key)}：${shown(one, key)}`)
    .join('；');
}

/** Fields that often stand in the log; others keep their name, which the documentation explains. */
const WORDS: Readonly<Record<string, string>> = {
  active: '启用',
  admissionTicket: '准考证一致',
  art: '艺术类',
  artSchoolExam: '艺术校考',
  audience: '可用范围',
  badId: '证号错',
  batchEndsAt: '批次结束',
  batchId: '批次编号',
  batchIds: '批次编号',
  batchStartsAt: '批次开始',
  blocked: '政策缺项',
  by: '方式',
  callingFrom: '拨打时段从',
  callingUntil: '拨打时段到',
  candidates: '考生数',
  capacity: '人数上限',
  caseId: '任务编号',
  cases: '任务编号',
  category: '科类',
  checklist: '核对项',
  code: '代码',
  codes: '选项',
  collegeName: '学校全称',
  complete: '全部通过',
  confirmed: '确认',
  conflicts: '冲突',
  considering: '考虑',
  contactName: '联系人',
  count: '数量',
  created: '新增',
  deletedRows: '已删除',
  districtCode: '区县代码',
  ended: '结束数',
  endsOn: '结束日期',
  escalated: '转交',
  escalation: '突击组',
  evidence: '依据',
  field: '字段',
  figures: '数量',
  fileName: '文件名',
  filter: '范围',
  final: '已有最终结果',
  findings: '发现',
  flags: '敏感用语',
  from: '原为',
  groupId: '小组编号',
  groups: '小组',
  headId: '负责人编号',
  homeAreaCode: '座机区号',
  id: '编号',
  idCard: '身份证件一致',
  importId: '导入编号',
  kept: '保留的档案',
  kind: '类别',
  late: '已过截止',
  lead: '报备',
  leaderException: '破格理由',
  leaderId: '组长编号',
  leadOfOthers: '报备人不参加回访',
  left: '剩余',
  letterSigned: '申请书已签名',
  level: '层次',
  limits: '限制',
  lines: '行数',
  locked: '锁定',
  merged: '合并',
  moved: '移动数',
  name: '名称',
  named: '补名数',
  nameMatches: '姓名一致',
  namesLost: '缺字',
  newExam: '新高考',
  newPerCaller: '每人最多新增',
  nextId: '后一次转交编号',
  noPhone: '没有号码',
  numberMatches: '考生号一致',
  openWorkCap: '在办上限',
  outcome: '结果',
  ownerId: '负责人编号',
  ownWill: '本人意愿',
  parentSigned: '家长已签名',
  phase: '阶段',
  phoneId: '号码编号',
  phones: '号码',
  phoneShielded: '屏蔽电话',
  phrases: '敏感用语',
  position: '次序',
  previewedBy: '预览人编号',
  proposedBy: '提出人编号',
  provinceCode: '省份代码',
  provinceCodes: '省份代码',
  random: '随机',
  rankMin: '最低位次',
  reason: '原因',
  reasonCode: '退档原因',
  rejected: '拒收',
  relation: '关系',
  releasedBy: '放出人编号',
  replaced: '替换原件',
  report: '报告',
  result: '结果',
  returned: '收回数',
  roles: '角色',
  round: '轮次',
  rows: '行数',
  sameId: '证号相同',
  sameName: '姓名相同',
  samePhone: '号码相同',
  scoreMin: '最低分',
  scripts: '话术',
  seasonId: '招生季编号',
  seats: '计划数',
  seed: '随机种子',
  signals: '关注点',
  skills: '技能',
  source: '来源',
  stage: '进度',
  startsOn: '开始日期',
  state: '状态',
  stayed: '未动数',
  step: '关口',
  supervisorId: '督查员编号',
  tier: '转交到',
  to: '改为',
  total: '合计',
  tuitionFen: '学费（分）',
  uncalled: '未表态',
  unchanged: '无变化',
  unitId: '部门编号',
  unreachable: '联系不上',
  updated: '更新',
  username: '账号',
  version: '版本',
  withdrawable: '可退档',
  withdrawalDeadlineAt: '退档截止',
  withdrawing: '申请退档',
  year: '年份',
};

/** Values of the log that are words of a fixed list. */
const VALUES: Readonly<Record<string, string>> = {
  code: '动态口令',
  decisions: '录退结果',
  department: '职能部门',
  enrol_totp: '待绑定动态口令',
  ledger: '回访台账',
  making: '正在生成',
  password: '密码',
  recoveryCode: '恢复码',
  school: '二级学院',
  signed_in: '已登录',
  totp: '待验证动态口令',
};

/** Where the same word means different things in different fields. */
const FIELD_VALUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  phase: PHASE_LABELS,
  round: ROUND_LABELS,
  level: LEVEL_LABELS,
  tier: TIER_LABELS,
};

/** Counts of an import stand by the code of the finding. */
const wordOf = (field: string): string =>
  WORDS[field] ?? findingText[field as FindingCode]?.split(/[，。]/)[0] ?? field;
