/**
 * The field catalogue: our field, the DBF fields that carry it (the first that is filled wins), the code table that
 * explains it, and the headings a spreadsheet may use for it. Everything else is kept raw.
 */
export interface FieldRule {
  columns: readonly string[];
  /** Code table, e.g. MZDM for TD_MZDM. */
  codes?: string;
  headings?: readonly string[];
}

export const personFields = {
  candidateNo: { columns: ['KSH'], headings: ['考生号', '高考报名号', '考生报名号', '报名号', '考号'] },
  examineeNo: { columns: ['ZKZH'], headings: ['准考证号', '准考证号码'] },
  name: { columns: ['XM'], headings: ['姓名', '考生姓名', '学生姓名'] },
  sex: { columns: ['XBDM', 'XB'], codes: 'XBDM', headings: ['性别', '性别代码'] },
  birthDate: { columns: ['CSRQ', 'CSNY'], headings: ['出生日期', '出生年月', '生日'] },
  idNumber: {
    columns: ['SFZH', 'ZJHM'],
    headings: ['身份证号', '身份证号码', '身份证', '证件号码', '证件号', '公民身份号码'],
  },
  nation: { columns: ['MZDM'], codes: 'MZDM', headings: ['民族', '民族代码'] },
  political: { columns: ['ZZMMDM'], codes: 'ZZMMDM', headings: ['政治面貌', '政治面貌代码'] },
  category: { columns: ['KSLBDM'], codes: 'KSLBDM', headings: ['考生类别', '考生类别代码'] },
  graduateKind: { columns: ['BYLBDM'], codes: 'BYLBDM', headings: ['毕业类别', '毕业类别代码'] },
  schoolCode: { columns: ['ZXDM', 'BYXXDM', 'BYZXDM'], headings: ['中学代码', '毕业学校代码'] },
  schoolName: {
    columns: ['ZXMC', 'BYXXMC', 'BYZXMC'],
    headings: ['中学名称', '毕业中学', '毕业学校', '所在中学', '学校名称', '高中学校'],
  },
  districtCode: { columns: ['DQDM'], codes: 'DQDM', headings: ['地区代码', '生源地代码', '所在地区代码'] },
  address: {
    columns: ['TXDZ', 'JTDZ'],
    headings: ['通讯地址', '家庭地址', '家庭住址', '联系地址', '邮寄地址', '收件地址'],
  },
  postcode: { columns: ['YZBM'], headings: ['邮政编码', '邮编'] },
  recipient: { columns: ['SJR'], headings: ['收件人', '收信人', '收件人姓名'] },
} as const satisfies Record<string, FieldRule>;

/** Phone fields in the order numbers are kept; the relation where the field itself says it. */
export const phoneFields = {
  LXSJ: {
    relation: null,
    headings: ['手机', '手机号', '手机号码', '移动电话', '联系手机', '电话1', '联系电话1'],
  },
  LXDH: { relation: null, headings: ['联系电话', '电话', '电话号码', '固定电话', '电话2', '联系电话2'] },
  LXDH2: { relation: null, headings: ['备用电话', '其他电话', '电话3', '联系电话3'] },
  BRDH: { relation: 'self', headings: ['本人电话', '本人手机', '考生电话', '考生手机', '学生电话'] },
  FQDH: { relation: 'father', headings: ['父亲电话', '父亲手机', '父亲联系电话'] },
  MQDH: { relation: 'mother', headings: ['母亲电话', '母亲手机', '母亲联系电话'] },
  JHRDH: {
    relation: 'guardian',
    headings: ['监护人电话', '家长电话', '家长手机', '家长联系电话', '监护人联系电话'],
  },
  JTDH: { relation: null, headings: ['家庭电话', '家庭联系电话', '住宅电话'] },
  BZRDH: { relation: 'teacher', headings: ['班主任电话', '老师电话'] },
} as const;

export const filingFields = {
  unit: {
    columns: ['TDDW', 'TDDWDM', 'DQTDDW'],
    headings: ['投档单位', '院校代号', '投档单位代码', '院校代码'],
  },
  batch: { columns: ['PCDM'], codes: 'PCDM', headings: ['批次', '录取批次', '批次代码', '批次名称'] },
  subjectGroup: { columns: ['KLDM'], codes: 'KLDM', headings: ['科类', '科类代码', '科类名称', '首选科目'] },
  planNature: { columns: ['JHXZDM'], codes: 'JHXZDM', headings: ['计划性质', '计划性质代码'] },
  planKind: { columns: ['JHLBDM'], codes: 'JHLBDM', headings: ['计划类别', '计划类别代码'] },
  filingType: { columns: ['TDLXDM'], codes: 'TDLXDM', headings: ['投档类型', '投档类型代码'] },
  score: { columns: ['CJ', 'ZF'], headings: ['成绩', '总分', '高考总分', '高考成绩', '文化成绩'] },
  filingScore: { columns: ['TDCJ'], headings: ['投档成绩', '投档分', '投档分数'] },
  qualifyingScore: { columns: ['ZGF'], headings: ['资格分', '照顾分', '加分'] },
  preferenceRank: { columns: ['TDZY'], headings: ['投档志愿', '志愿序号', '投档志愿号'] },
  filedMajor: { columns: ['YTZY', 'YTZYDH'], headings: ['已投专业', '投档专业', '投档专业代号'] },
  admittedMajor: { columns: ['LQZY'], headings: ['录取专业', '录取专业代号', '录取专业代码'] },
  returnReason: { columns: ['TDYYDM'], codes: 'TDYYDM', headings: ['退档原因', '退档原因代码'] },
  state: { columns: ['KSZT'], headings: ['考生状态', '考生状态代码'] },
  adjust: { columns: ['ZYTJFC'], headings: ['专业调剂', '服从调剂', '是否服从调剂', '专业服从'] },
  remark: { columns: ['BZ'], headings: ['备注', '说明'] },
} as const satisfies Record<string, FieldRule>;

export const preferenceFields = {
  candidateNo: { columns: ['KSH'] },
  rank: { columns: ['ZYXH'] },
  unit: { columns: ['TDDWDM', 'TDDW'] },
  major: { columns: ['ZYDH'] },
  batch: { columns: ['PCDM'], codes: 'PCDM' },
  planNature: { columns: ['JHXZDM'], codes: 'JHXZDM' },
} as const satisfies Record<string, FieldRule>;

export const scoreFields = {
  candidateNo: { columns: ['KSH'] },
  subject: { columns: ['KMDM'], codes: 'KMDM' },
  item: { columns: ['CJXDM'], codes: 'CJXDM' },
  /** 0 选考, 1 学考, 2 高考. */
  kind: { columns: ['CJLX'] },
  value: { columns: ['DDCJ', 'CJ', 'KMCJ'] },
  graded: { columns: ['DJFF'] },
  month: { columns: ['KSNY'] },
} as const satisfies Record<string, FieldRule>;

export const planFields = {
  batch: { columns: ['PCDM'], codes: 'PCDM' },
  subjectGroup: { columns: ['KLDM'], codes: 'KLDM' },
  planNature: { columns: ['JHXZDM'], codes: 'JHXZDM' },
  major: { columns: ['ZYDH'] },
  majorName: { columns: ['ZYMC'] },
  planned: { columns: ['JHRS'] },
  executed: { columns: ['JHZXS'] },
  margin: { columns: ['YTCES'] },
  adjustRank: { columns: ['YXXH'] },
  tuition: { columns: ['SFBZ', 'SFSF'] },
  remark: { columns: ['BZ'] },
} as const satisfies Record<string, FieldRule>;

/** Slots of the wide form; what a slot means differs by province (TD_CJXDM). */
export const SCORE_SLOT = /^GKCJX(\d{1,2})$/;
export const PREFERENCE_SLOT = /^(TDDWDM|ZYDH)(\d{1,2})$/;

/** Administrative fields of a filing: kept as they came, in clear, and shown in the file (#candidate, delivered.rules.ts). */
export const filingKeptFields: ReadonlySet<string> = new Set([
  ...['LJZYH', 'TDSJ', 'TZCJ', 'YXDRCJ', 'ZYYTJZCJ', 'ZYYTFJCJ', 'DQTDDW', 'LQSJ', 'ZYHG', 'TJHG', 'XKKMHG'],
  ...[
    'LQXH',
    'TDDBH',
    'XZBH',
    'TDDZT',
    'SDBZ',
    'ZYTZ',
    'ZYCJ',
    'ZYCJTFPW',
    'ZYTJLXDM',
    'LQFS',
    'ZYZYTJ',
    'DXTJ',
  ],
  'TJJLDM',
]);

/** Known by name, without a field of ours: kept raw and not reported as unknown. Those of a person are sealed. */
export const keptFields: ReadonlySet<string> = new Set([
  ...['KSLXDM', 'WYYZDM', 'ZJLXDM', 'XJH', 'KSTZ', 'KSTC', 'KSJLHCF', 'ZSYJ', 'SXPDKHYJ', 'HJLBDM', 'CZLBDM'],
  ...['XKKM', 'SKKM', 'JHXZDM', 'JHLBDM', 'ZKLXDM', 'YTCES', 'YXXH', 'PCDM', 'KLDM', ...filingKeptFields],
]);

/** What the medical board found, on a filing: sensitive (GB/T 45574), never in clear. */
const healthFields: ReadonlySet<string> = new Set(['TJHG', 'TJJLDM']);
export const isHealthField = (column: string): boolean =>
  healthFields.has(column) || column.startsWith('ZYSXDM');

export type FieldIndex<Fields> = { readonly [Field in keyof Fields]: readonly number[] };

/** Where each of our fields stands in a table with these columns. */
export function indexFields<Fields extends Record<string, FieldRule>>(
  fields: Fields,
  columns: readonly string[],
): FieldIndex<Fields> {
  const entries = Object.entries(fields).map(([field, rule]) => [
    field,
    rule.columns.map((column) => columns.indexOf(column)).filter((index) => index >= 0),
  ]);
  return Object.fromEntries(entries) as FieldIndex<Fields>;
}

/** The first filled cell of those that carry a field. */
export function cellOf(cells: readonly string[], indexes: readonly number[]): string {
  for (const index of indexes) {
    const cell = cells[index];
    if (cell !== undefined && cell !== '') return cell;
  }
  return '';
}
