import { hasWords, indexWords, isWord, usualName, type WordIndex } from './word.rules.ts';

/**
 * Code tables of one delivery: raw code, and the name it stands for. What it does not bring is taken from earlier deliveries of the
 * season and province; only what is in no table falls back to a standard. A spreadsheet writes the name: it is looked up the other way.
 */

export interface Coded {
  /** Empty: a word stands there that no code table leads to a code. */
  code: string;
  name: string | null;
  /** What the file says, where that is neither the code nor the name: 理科 for 理工. */
  raw?: string;
}

export interface Codes {
  /** True when the delivery brought this table (e.g. KLDM). */
  has(table: string): boolean;
  /** The same object for the same text, a code or a word: cheap to call for every row. `known` is false when a table exists and lacks it. */
  read(table: string, text: string): Found;
  /** What the delivery itself brought, for storing: key (table, code). */
  rows(): CodeRow[];
}

interface Found {
  coded: Coded | null;
  known: boolean;
}

export interface CodeRow {
  table: string;
  code: string;
  name: string;
}

const nations = [
  ...[
    '汉族',
    '蒙古族',
    '回族',
    '藏族',
    '维吾尔族',
    '苗族',
    '彝族',
    '壮族',
    '布依族',
    '朝鲜族',
    '满族',
    '侗族',
  ],
  ...[
    '瑶族',
    '白族',
    '土家族',
    '哈尼族',
    '哈萨克族',
    '傣族',
    '黎族',
    '傈僳族',
    '佤族',
    '畲族',
    '高山族',
    '拉祜族',
  ],
  ...[
    '水族',
    '东乡族',
    '纳西族',
    '景颇族',
    '柯尔克孜族',
    '土族',
    '达斡尔族',
    '仫佬族',
    '羌族',
    '布朗族',
    '撒拉族',
  ],
  ...[
    '毛南族',
    '仡佬族',
    '锡伯族',
    '阿昌族',
    '普米族',
    '塔吉克族',
    '怒族',
    '乌孜别克族',
    '俄罗斯族',
    '鄂温克族',
  ],
  ...[
    '德昂族',
    '保安族',
    '裕固族',
    '京族',
    '塔塔尔族',
    '独龙族',
    '鄂伦春族',
    '赫哲族',
    '门巴族',
    '珞巴族',
    '基诺族',
  ],
];

const political = [
  ...['中共党员', '中共预备党员', '共青团员', '民革党员', '民盟盟员', '民建会员', '民进会员', '农工党党员'],
  ...['致公党党员', '九三学社社员', '台盟盟员', '无党派人士', '群众'],
];

const numbered = (names: readonly string[]): [string, string][] =>
  names.map((name, index) => [String(index + 1).padStart(2, '0'), name]);

/** GB/T 3304 with the exam's 97 and 98, GB/T 4762, GB/T 2261.1. */
const standards: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  ['MZDM', new Map([...numbered(nations), ['97', '其他'], ['98', '外国血统中国籍人士']])],
  ['ZZMMDM', new Map(numbered(political))],
  ['XBDM', new Map([...numbered(['男', '女']), ['1', '男'], ['2', '女']] as [string, string][])],
]);

/** Names old files still use. */
const renamed: ReadonlyMap<string, string> = new Map([
  ['毛难族', '毛南族'],
  ['崩龙族', '德昂族'],
  ['毛难', '毛南族'],
  ['崩龙', '德昂族'],
]);

type Rows = ReadonlyMap<string, CodeRow>;

/** The same table from the nearest place that has it, with its rows by name. */
interface CodeTable {
  readonly own: Rows | undefined;
  readonly earlier: Rows | undefined;
  readonly ownWords: WordIndex<CodeRow>;
  readonly earlierWords: WordIndex<CodeRow>;
}

/** Later rows never overwrite earlier ones: the first file of a delivery wins. `earlier`: tables of deliveries before. */
export function buildCodes(rows: Iterable<CodeRow>, earlier: Iterable<CodeRow> = []): Codes {
  const own = tablesOf(rows);
  const before = tablesOf(earlier);
  const tables = new Map<string, CodeTable>();
  const cache = new Map<string, Map<string, Found>>();
  const tableOf = (name: string): CodeTable => {
    const made = tables.get(name) ?? {
      ...{ own: own.get(name), earlier: before.get(name) },
      ownWords: indexWords(name, own.get(name)?.values() ?? []),
      earlierWords: indexWords(name, before.get(name)?.values() ?? []),
    };
    tables.set(name, made);
    return made;
  };
  return {
    has: (table) => own.has(table),
    rows: () => [...own.values()].flatMap((table) => [...table.values()]),
    read: (table, text) => {
      const cached = cache.get(table)?.get(text);
      if (cached) return cached;
      const found = lookUp(tableOf(table), table, text);
      const known = cache.get(table) ?? new Map<string, Found>();
      if (known.size < CACHED_CODES_MAX) cache.set(table, known.set(text, found));
      return found;
    },
  };
}

function tablesOf(rows: Iterable<CodeRow>): Map<string, Map<string, CodeRow>> {
  const tables = new Map<string, Map<string, CodeRow>>();
  for (const row of rows) {
    const table = tables.get(row.table) ?? new Map<string, CodeRow>();
    if (!table.has(row.code)) table.set(row.code, row);
    tables.set(row.table, table);
  }
  return tables;
}

/** A damaged file may have a new code on every row. */
const CACHED_CODES_MAX = 10_000;

const rowOf = (rows: Rows | undefined, code: string): CodeRow | undefined =>
  rows?.get(code) ?? rows?.get(code.replace(/^0+(?=.)/, '')) ?? rows?.get(code.padStart(2, '0'));

function lookUp(at: CodeTable, table: string, text: string): Found {
  if (text === '') return { coded: null, known: true };
  const own = rowOf(at.own, text);
  const name = own?.name ?? rowOf(at.earlier, text)?.name ?? standards.get(table)?.get(text) ?? null;
  if (name !== null)
    return { coded: { code: text, name: renamed.get(name) ?? name }, known: own !== undefined || !at.own };
  if (isWord(text)) return lookUpWord(at, table, text);
  return { coded: { code: text, name: null }, known: at.own === undefined };
}

/** The code that a name stands for. A standard gives its code only where no delivery said otherwise: provinces have codes of their own. */
function lookUpWord(at: CodeTable, table: string, text: string): Found {
  const word = renamed.get(text) ?? text;
  const brought = at.own !== undefined || at.earlier !== undefined;
  const row = at.ownWords(word) ?? at.earlierWords(word) ?? (brought ? null : standardWord(table, word));
  if (row) return { coded: withRaw(row.code, renamed.get(row.name) ?? row.name, text), known: true };
  const usual = usualName(table, word);
  const judged = brought || hasWords(table) || standards.has(table);
  return { coded: withRaw('', usual ?? word, text), known: !judged || (usual !== null && !brought) };
}

const withRaw = (code: string, name: string, text: string): Coded =>
  name === text ? { code, name } : { code, name, raw: text };

const standardWords = new Map(
  [...standards].map(([table, rows]) => [
    table,
    indexWords(
      table,
      [...rows].map(([code, name]) => ({ code, name })),
    ),
  ]),
);

const standardWord = (table: string, word: string) => standardWords.get(table)?.(word) ?? null;
