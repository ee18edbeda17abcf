/** Words of the register of personal data. Basis: 个人信息保护法 (PIPL) art. 13 and 28. */
export const BASIS = {
  admission: '履行招生录取和通知的法定职责（个人信息保护法第十三条第一款第三项）',
  staff: '按规章实施的人力资源管理（第十三条第一款第二项）',
  security: '网络安全法要求的身份管理和日志留存（第十三条第一款第三项）',
  given: '本人或其监护人提供并同意（第十三条第一款第一项、第二十九条）',
  none: '不含个人信息',
} as const;

export const CLASSES = {
  none: '非个人信息',
  link: '关联标识（内部编号、状态、时间），单独不能识别个人',
  personal: '个人信息',
  sensitive: '敏感个人信息',
} as const;

/** What is kept not by a rule of its own. Every other value of `kept` is the id of a retention rule. */
export const KEPT = {
  configuration: '机构配置，使用期间保留',
  statistics: '随招生季作统计留存，所指的人匿名后不能再识别',
  account: '账号存在期间',
  records: '登记长期保留，至少三年',
  evidence: '申请结束 180 天后由任务移除',
  exports: '生成 24 小时后由任务移除文件，登记保留',
} as const;

export interface PersonalColumn {
  readonly class: 'personal' | 'sensitive';
  /** What it is and, where it lies in clear, why. */
  readonly what: string;
  /** Where it differs from the table. */
  readonly kept?: string;
  readonly basis?: keyof typeof BASIS;
}

export interface TableEntry {
  readonly purpose: string;
  readonly basis: keyof typeof BASIS;
  /** Class of the columns in `columns`. */
  readonly class: 'none' | 'link';
  readonly kept: string;
  readonly columns: string;
  readonly personal?: Readonly<Record<string, PersonalColumn>>;
}
export type Register = Readonly<Record<string, TableEntry>>;

export const personal = (what: string, rest: Partial<PersonalColumn> = {}): PersonalColumn => ({
  class: 'personal',
  what,
  ...rest,
});
export const sensitive = (what: string, rest: Partial<PersonalColumn> = {}): PersonalColumn => ({
  class: 'sensitive',
  what,
  ...rest,
});
