import { maskAddress, maskIdNumber, maskName } from '#candidate/rules';
import type { Coded } from './code.rules.ts';
import { filingFields, personFields } from './field.rules.ts';

/** What a change of a candidate looks like on the screen: Chinese labels, sensitive values masked. */
export interface Difference {
  field: string;
  label: string;
  before: string;
  after: string;
}

/** In the order shown. Columns that only the platform needs are left out. */
const LABELS: Readonly<Record<string, string>> = {
  name: '姓名',
  sex: '性别',
  birth_date: '出生日期',
  id_masked: '身份证号',
  school_code: '中学代码',
  school_name: '中学',
  district_code: '地区代码',
  category: '科类',
  plan_nature_code: '计划性质代码',
  major_code: '投档专业代号',
  major_name: '投档专业',
  score: '总分',
  filing_score: '投档成绩',
  preference_rank: '投档志愿',
  obeys_adjustment: '服从调剂',
  exam_state: '考生状态',
  decided_major_code: '录取专业代号',
  return_reason: '退档原因',
  batch_id: '批次',
  province_code: '省份',
  codes: '代码类字段',
  scores: '各科成绩',
  preferences: '志愿',
  raw: '其他字段',
  photo_file_id: '照片',
  no_phone: '有无号码',
};

const SECRET_LABELS: Readonly<Record<string, string>> = {
  idNumber: '身份证号',
  address: '地址',
  postcode: '邮政编码',
  recipient: '收件人',
  examineeNo: '准考证号',
  nation: '民族',
  political: '政治面貌',
  raw: '其他个人字段',
};

export interface ChangeImages {
  before: Readonly<Record<string, unknown>>;
  after: Readonly<Record<string, unknown>>;
  secretBefore: Readonly<Record<string, unknown>>;
  secretAfter: Readonly<Record<string, unknown>>;
  addedPhones: number;
}

export function differencesOf(images: ChangeImages): Difference[] {
  const { before, after, secretBefore, secretAfter, addedPhones } = images;
  const plain = Object.entries(LABELS).flatMap(([field, label]): Difference[] =>
    field in before && field !== 'id_masked'
      ? [{ field, label, before: textOf(field, before[field]), after: textOf(field, after[field]) }]
      : [],
  );
  const secret = Object.entries(SECRET_LABELS).flatMap(([field, label]): Difference[] => {
    const [old, next] = [secretText(field, secretBefore[field]), secretText(field, secretAfter[field])];
    const same = JSON.stringify(secretBefore[field]) === JSON.stringify(secretAfter[field]);
    return same ? [] : [{ field, label, before: old, after: old === next ? `${next}（已更改）` : next }];
  });
  const phones: Difference[] =
    addedPhones > 0
      ? [{ field: 'phones', label: '号码', before: '', after: `新增 ${addedPhones} 个号码` }]
      : [];
  return [...plain, ...secret, ...phones];
}

const EMPTY = '（空）';
const TEXT_MAX = 200;

function textOf(field: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return EMPTY;
  if (field === 'name') return maskName(String(value));
  if (field === 'sex') return value === 'male' ? '男' : '女';
  if (field === 'no_phone') return value === true ? '无号码' : '有号码';
  if (field === 'photo_file_id' || field === 'batch_id') return '已更换';
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (typeof value === 'object') return objectText(value);
  return String(value);
}

function objectText(value: object): string {
  const parts = Array.isArray(value)
    ? value.map((entry: Record<string, unknown>) => Object.values(entry).join(' '))
    : Object.entries(value).map(([key, entry]) => `${headingOf(key)} ${codedText(entry)}`);
  return parts.join('；').slice(0, TEXT_MAX) || EMPTY;
}

/** Our names of coded fields as the files head them; a column kept as it came keeps its own name. */
const headingOf = (key: string): string => CODED_FIELDS[key]?.headings?.[0] ?? key;

const CODED_FIELDS: Readonly<Record<string, { headings?: readonly string[] }>> = {
  ...personFields,
  ...filingFields,
  candidateKind: personFields.category,
};

function codedText(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null) return String(entry);
  const { code, name, raw } = entry as Partial<Coded>;
  return `${name ?? code ?? ''}${raw === undefined ? '' : `（原文 ${raw}）`}`;
}

function secretText(field: string, value: unknown): string {
  if (typeof value !== 'string') return value === undefined ? EMPTY : '已隐去';
  if (field === 'idNumber') return maskIdNumber(value);
  if (field === 'address') return maskAddress(value);
  if (field === 'recipient') return maskName(value);
  return value.length <= 4 ? '****' : `${value.slice(0, 2)}****${value.slice(-2)}`;
}
