import { halfWidth } from './phone.rules.ts';

/**
 * Words that spreadsheets write where a DBF has a code. No code of 科类 or 计划性质 is national (files.md), so a word leads to a
 * code only through a code table; without one it still has its usual name. One line a meaning, the usual name first.
 */
const meanings: Readonly<Record<string, readonly (readonly string[])[]>> = {
  KLDM: [
    ['物理类', '物理', '首选物理', '物理组', '物理组合', '物理科目组合', '物理方向', '普通类物理'],
    ['历史类', '历史', '首选历史', '历史组', '历史组合', '历史科目组合', '历史方向', '普通类历史'],
    ['文史', '文科', '文史类', '普通文科', '普通类文史'],
    ['理工', '理科', '理工类', '普通理科', '普通类理工'],
    ['综合改革', '综合', '综合类', '不分文理', '文理综合', '不分科类'],
    ['艺术', '艺术类'],
    ['艺术（文）', '艺术文', '艺术类文', '艺术文科', '艺术文史'],
    ['艺术（理）', '艺术理', '艺术类理', '艺术理科', '艺术理工'],
    ['体育', '体育类'],
    ['体育（文）', '体育文', '体育类文', '体育文科', '体育文史'],
    ['体育（理）', '体育理', '体育类理', '体育理科', '体育理工'],
  ],
  JHXZDM: [
    ['非定向', '普通', '统招', '普通统招', '非定向就业', '无定向'],
    ['定向', '定向就业', '定向培养'],
    ['国家专项', '国家专项计划', '国家扶贫专项', '贫困专项', '国家贫困专项'],
    ['地方专项', '地方专项计划', '地方农村专项', '农村专项'],
    ['高校专项', '高校专项计划', '农村学生单独招生'],
    ['民族班', '少数民族班'],
    ['民族预科', '少数民族预科', '少数民族预科班', '民族预科班', '预科', '预科班'],
    ['中外合作办学', '中外合作', '中外办学'],
    ['公费师范生', '公费师范', '免费师范', '免费师范生'],
    ['优师专项', '优师计划', '优师'],
    ['订单定向', '农村订单定向', '免费医学生', '农村订单定向医学生'],
    ['单列计划', '单列'],
    ['联合培养', '联合办学'],
  ],
  ZZMMDM: [
    ['中共党员', '党员'],
    ['中共预备党员', '预备党员'],
    ['共青团员', '团员'],
    ['无党派人士', '无党派', '无党派民主人士'],
    ['群众', '普通公民'],
  ],
};

export const isWord = (text: string): boolean => /[\u4e00-\u9fff]/.test(text);

const MARKS = /[\s()[\]{}【】《》〔〕·、,，/\\_:：-]/g;
const ENDINGS = /(?:类|计划|考生|族)$/;

/** A word without marks and endings that change nothing: 物理 类 and 物理类, 国家专项计划 and 国家专项, 汉 and 汉族. */
function plainWord(word: string): string {
  const plain = halfWidth(word).replace(MARKS, '');
  return plain.length > 1 ? plain.replace(ENDINGS, '') : plain;
}

const usualNames = new Map(
  Object.entries(meanings).map(([table, rows]) => [
    table,
    new Map(rows.flatMap((words) => words.map((word) => [plainWord(word), words[0] ?? ''] as const))),
  ]),
);

/** True where it is known which words may stand for the codes of this table. */
export const hasWords = (table: string): boolean => usualNames.has(table);

/** The usual name of a word, e.g. 物理类 for 首选物理; null when nobody knows it. */
export const usualName = (table: string, word: string): string | null =>
  usualNames.get(table)?.get(plainWord(word)) ?? null;

interface Named {
  readonly code: string;
  readonly name: string;
}

/** Finds the row that a word stands for; null when there is none or more than one. */
export type WordIndex<R extends Named> = (word: string) => R | null;

/** The rows of one code table by their names: as written first, then by what they mean. */
export function indexWords<R extends Named>(table: string, rows: Iterable<R>): WordIndex<R> {
  const written = new Map<string, R | null>();
  const meant = new Map<string, R | null>();
  const put = (index: Map<string, R | null>, key: string, row: R): void => {
    const known = index.get(key);
    index.set(key, known === undefined || known?.code === row.code ? row : null);
  };
  for (const row of rows) {
    put(written, row.name, row);
    put(meant, keyOf(table, row.name), row);
  }
  return (word) => written.get(word) ?? meant.get(keyOf(table, word)) ?? null;
}

const keyOf = (table: string, word: string): string => plainWord(usualName(table, word) ?? word);
