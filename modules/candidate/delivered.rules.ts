/** What a delivery says of a filing beside what the file shows by itself, in the words of the field (files.md, T_TDD and T_BMK). */
export interface DeliveredFact {
  readonly label: string;
  readonly value: string;
}

interface FactRule {
  readonly label: string;
  /** A coded field of ours, a column of the filing kept as it came, or one of the person's. */
  readonly from: 'codes' | 'raw' | 'person';
  readonly key: string;
  /** Code table of a column kept as it came, e.g. LQFSDM. */
  readonly table?: string;
  /** Not for those who may not see scores. */
  readonly score?: true;
}

/** In the order shown. 考生类别 and 毕业类别 (town or country, this year or before) are stored and shown to nobody: they must not colour a call. */
const FACTS: readonly FactRule[] = [
  { label: '批次（下发）', from: 'codes', key: 'batch' },
  { label: '科类原文', from: 'codes', key: 'subjectGroup' },
  { label: '计划性质', from: 'codes', key: 'planNature' },
  { label: '计划类别', from: 'codes', key: 'planKind' },
  { label: '投档类型', from: 'codes', key: 'filingType' },
  { label: '投档单位', from: 'codes', key: 'unit' },
  { label: '当前投档单位', from: 'raw', key: 'DQTDDW' },
  { label: '逻辑志愿号', from: 'raw', key: 'LJZYH' },
  { label: '选考科目', from: 'person', key: 'XKKM' },
  { label: '实考科目', from: 'person', key: 'SKKM' },
  { label: '外语语种', from: 'person', key: 'WYYZDM', table: 'WYYZDM' },
  { label: '考生特长', from: 'person', key: 'KSTC' },
  { label: '资格分', from: 'codes', key: 'qualifyingScore', score: true },
  { label: '特征成绩', from: 'raw', key: 'TZCJ', score: true },
  { label: '志愿成绩', from: 'raw', key: 'ZYCJ', score: true },
  { label: '同分排位', from: 'raw', key: 'ZYCJTFPW', score: true },
  { label: '院校导入成绩', from: 'raw', key: 'YXDRCJ', score: true },
  { label: '专业预投基准成绩', from: 'raw', key: 'ZYYTJZCJ', score: true },
  { label: '专业预投附加成绩', from: 'raw', key: 'ZYYTFJCJ', score: true },
  { label: '投档时间', from: 'raw', key: 'TDSJ' },
  { label: '投档单编号', from: 'raw', key: 'TDDBH' },
  { label: '下载编号', from: 'raw', key: 'XZBH' },
  { label: '投档单状态', from: 'raw', key: 'TDDZT' },
  { label: '锁定标志', from: 'raw', key: 'SDBZ' },
  { label: '录取序号', from: 'raw', key: 'LQXH' },
  { label: '录取时间', from: 'raw', key: 'LQSJ' },
  { label: '录取方式', from: 'raw', key: 'LQFS', table: 'LQFSDM' },
  { label: '退档原因', from: 'codes', key: 'returnReason' },
];

/** The code tables that the facts need. */
export const FACT_TABLES: readonly string[] = FACTS.flatMap(({ table }) => table ?? []);

/** KSZT: only these two are certain (files.md). */
const STATES: Readonly<Record<string, string>> = { '3': '已退档', '5': '录取结束' };

type Names = (table: string, code: string) => string | undefined;

interface Delivered {
  readonly codes: Readonly<Record<string, unknown>>;
  readonly raw: Readonly<Record<string, unknown>>;
  readonly examState: string | null;
  readonly decidedMajorCode: string | null;
}

/** Facts that are there; `person` are the sealed columns of the person, `namesOf` the names in the code tables of the delivery. */
export function deliveredFacts(
  file: Delivered,
  person: Readonly<Record<string, unknown>>,
  { namesOf, scores }: { readonly namesOf: Names; readonly scores: boolean },
): DeliveredFact[] {
  const given = { codes: file.codes, raw: file.raw, person };
  const facts = FACTS.flatMap(({ label, from, key, table, score }): DeliveredFact[] => {
    const value = textOf(given[from][key]);
    if (value === '' || (score && !scores)) return [];
    const name = table === undefined ? undefined : namesOf(table, value);
    return [{ label, value: name ?? value }];
  });
  const { examState, decidedMajorCode } = file;
  return [
    ...facts,
    ...(decidedMajorCode ? [{ label: '录取专业代号', value: decidedMajorCode }] : []),
    ...(examState ? [{ label: '考生状态', value: STATES[examState] ?? `代码 ${examState}` }] : []),
  ];
}

/** A code with its name, a word as it came, or a plain value. */
function textOf(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return '';
  const { code, name, raw } = value as { code?: string; name?: string | null; raw?: string };
  const text = name ?? (code ? `代码 ${code}` : '');
  return raw === undefined ? text : `${text}（原文：${raw}）`;
}
