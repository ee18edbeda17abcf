import { Descriptions } from 'antd';
import type { ReactNode } from 'react';
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
      children: <Change before={fieldOf(before, field)} after={fieldOf(after, field)} />,
    })),
    ...Object.entries(rest).map(([key, value]) => ({ key, label: wordOf(key), children: shown(value) })),
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

function Change({ before, after }: { readonly before: unknown; readonly after: unknown }): ReactNode {
  if (before === undefined) return shown(after);
  if (after === undefined) return <del>{shown(before)}</del>;
  if (shown(before) === shown(after)) return shown(after);
  return `${shown(before)} → ${shown(after)}`;
}

/** Instants are milliseconds since 1970; nothing else in the log is as large. */
const FIRST_INSTANT = 1_000_000_000_000;

function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return '空';
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (typeof value === 'number') return value >= FIRST_INSTANT ? formatDateTime(value) : String(value);
  if (typeof value === 'string') return VALUES[value] ?? value;
  if (Array.isArray(value)) return value.length === 0 ? '无' : value.map(shown).join('、');
  return Object.entries(value)
    .map(([key, one]) => `${wordOf(key)}：${shown(one)}`)
    .join('；');
}

/** Fields that often stand in the log; others keep their name, which the documentation explains. */
const WORDS: Readonly<Record<string, string>> = {
  active: '启用',
  audience: '可用范围',
  batchId: '批次编号',
  by: '方式',
  callingFrom: '拨打时段从',
  callingUntil: '拨打时段到',
  candidates: '考生数',
  caseId: '任务编号',
  checklist: '核对项',
  cases: '任务编号',
  code: '代码',
  codes: '选项',
  contactName: '联系人',
  count: '数量',
  ended: '结束数',
  field: '字段',
  fileName: '文件名',
  filter: '范围',
  from: '原为',
  groupId: '小组编号',
  headId: '负责人编号',
  idCard: '身份证件一致',
  kind: '类别',
  left: '剩余',
  lines: '行数',
  moved: '移动数',
  name: '名称',
  named: '补名数',
  outcome: '结果',
  ownWill: '本人意愿',
  ownerId: '负责人编号',
  phase: '阶段',
  phoneId: '号码编号',
  phoneShielded: '屏蔽电话',
  position: '次序',
  provinceCode: '省份代码',
  reason: '原因',
  relation: '关系',
  replaced: '替换原件',
  result: '结果',
  returned: '收回数',
  roles: '角色',
  round: '轮次',
  rows: '行数',
  seats: '计划数',
  seed: '随机种子',
  skills: '技能',
  source: '来源',
  stage: '进度',
  state: '状态',
  stayed: '未动数',
  to: '改为',
  tuitionFen: '学费（分）',
  unitId: '部门编号',
  username: '账号',
  version: '版本',
  withdrawable: '可退档',
  withdrawalDeadlineAt: '退档截止',
};

/** Values of the log that are words of a fixed list. */
const VALUES: Readonly<Record<string, string>> = {
  code: '动态口令',
  enrol_totp: '待绑定动态口令',
  password: '密码',
  recoveryCode: '恢复码',
  signed_in: '已登录',
  totp: '待验证动态口令',
};

const wordOf = (field: string): string => WORDS[field] ?? field;
