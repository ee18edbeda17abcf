/** Code tables of one delivery: raw code, and the name it stands for. Only what is in no table falls back to a standard. */

export interface Coded {
  code: string;
  name: string | null;
}

export interface Codes {
  /** True when the delivery brought this table (e.g. KLDM). */
  has(table: string): boolean;
  /** The same object for the same code: cheap to call for every row. `known` is false when a table exists and lacks it. */
  read(table: string, code: string): { coded: Coded | null; known: boolean };
  /** Everything, for storing: key (table, code). */
  rows(): CodeRow[];
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

/** Later rows never overwrite earlier ones: the first file of a delivery wins. */
export function buildCodes(rows: Iterable<CodeRow>): Codes {
  const tables = new Map<string, Map<string, CodeRow>>();
  for (const row of rows) {
    const table = tables.get(row.table) ?? new Map<string, CodeRow>();
    if (!table.has(row.code)) table.set(row.code, row);
    tables.set(row.table, table);
  }
  const cache = new Map<string, Map<string, { coded: Coded | null; known: boolean }>>();
  return {
    has: (table) => tables.has(table),
    rows: () => [...tables.values()].flatMap((table) => [...table.values()]),
    read: (table, code) => {
      const cached = cache.get(table)?.get(code);
      if (cached) return cached;
      const found = lookUp(tables.get(table), table, code);
      const known = cache.get(table) ?? new Map();
      if (known.size < CACHED_CODES_MAX) cache.set(table, known.set(code, found));
      return found;
    },
  };
}

/** A damaged file may have a new code on every row. */
const CACHED_CODES_MAX = 10_000;

function lookUp(
  rows: ReadonlyMap<string, CodeRow> | undefined,
  table: string,
  code: string,
): { coded: Coded | null; known: boolean } {
  if (code === '') return { coded: null, known: true };
  const own = rows?.get(code) ?? rows?.get(code.replace(/^0+(?=.)/, '')) ?? rows?.get(code.padStart(2, '0'));
  const name = own?.name ?? standards.get(table)?.get(code) ?? null;
  if (name !== null)
    return { coded: { code, name: renamed.get(name) ?? name }, known: own !== undefined || !rows };
  // A spreadsheet writes the name itself where a DBF has the code.
  if (/[\u4e00-\u9fff]/.test(code))
    return { coded: { code: '', name: renamed.get(code) ?? code }, known: true };
  return { coded: { code, name: null }, known: rows === undefined };
}
