/** Invented people, deterministic: mobile segment 154, landline exchange 000. */
export interface PeopleOptions {
  /** Two digits, GB/T 2260. */
  province?: string;
  year?: number;
}

/** mulberry32: small, fast, the same on every machine. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

const FAMILY = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗'];
const GIVEN = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红玲梅林'];

export type Cells = Record<string, string>;
export type Random = (below: number) => number;

const pick = (random: Random, from: readonly string[]): string => from[random(from.length)] ?? '';
export const two = (value: number): string => String(value).padStart(2, '0');
const CHECK = '10X98765432';
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** The check digit is computed here on its own, so that the rule under test has an independent witness. */
export function idNumber(area: string, birth: string, serial: string): string {
  const body = `${area}${birth}${serial}`;
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(body[index]), 0);
  return `${body}${CHECK[sum % 11]}`;
}

const mobile = (random: Random): string => `154${String(random(100_000_000)).padStart(8, '0')}`;

export function personCells(index: number, random: Random, options: PeopleOptions): Cells {
  const province = options.province ?? '51';
  const male = random(2) === 0;
  const name = `${pick(random, FAMILY)}${pick(random, GIVEN)}${random(4) === 0 ? '' : pick(random, GIVEN)}`;
  const birth = `${2004 + random(2)}${two(1 + random(12))}${two(1 + random(28))}`;
  const district = `${province}${two(1 + random(20))}${two(1 + random(18))}`;
  return {
    KSH: `${two((options.year ?? 2023) % 100)}${province}${String(index).padStart(10, '0')}`,
    XM: name,
    XBDM: male ? '1' : '2',
    CSRQ: birth,
    ZZMMDM: pick(random, ['03', '13', '13']),
    MZDM: pick(random, ['01', '01', '01', '08']),
    KSLBDM: pick(random, ['1', '2', '3', '4']),
    BYLBDM: '1',
    ZXDM: `${province}${two(1 + random(20))}${String(random(60)).padStart(3, '0')}`,
    ZXMC: `第${1 + random(60)}中学`,
    DQDM: district,
    SFZH: idNumber(district, birth, `${two(random(100))}${(random(5) * 2 + (male ? 1 : 0)) % 10}`),
    JTDZ: `某市某区学府路${1 + random(400)}号${1 + random(20)}栋${101 + random(2000)}室`,
    YZBM: `6${String(random(100_000)).padStart(5, '0')}`,
    LXSJ: mobile(random),
    LXDH: random(5) === 0 ? `028-000${String(random(100_000)).padStart(5, '0')}` : mobile(random),
    SJR: name,
  };
}

export function filingCells(random: Random): Cells {
  const score = 400 + random(200);
  const majors: Cells = {};
  const wishes = 1 + random(6);
  for (let rank = 1; rank <= wishes; rank += 1) majors[`ZYDH${rank}`] = two(1 + random(12));
  return {
    ...majors,
    PCDM: '1',
    KLDM: pick(random, ['1', '5']),
    JHXZDM: '0',
    JHLBDM: '0',
    TDLXDM: '1',
    CJ: `${score}.000`,
    TDCJ: `${score}.${String(random(1_000_000)).padStart(6, '0')}`,
    ZGF: '0.0',
    TDZY: String(1 + random(9)),
    ZYTJFC: String(random(2)),
    TDDWDM: '5131',
    TDDW: '5131',
    GKCJX01: `${60 + random(80)}.0`,
    GKCJX02: `${60 + random(80)}.0`,
    GKCJX03: `${60 + random(80)}.0`,
    GKCJX04: `${score}.0`,
  };
}

/** One kind of dirt after the other; each is known to the tests by its place in this list. */
export const dirt: readonly ((cells: Cells) => void)[] = [
  (cells) => Object.assign(cells, { LXSJ: `${cells.LXSJ}/0731-00023456` }),
  (cells) => Object.assign(cells, { LXSJ: '', LXDH: '无' }),
  (cells) => Object.assign(cells, { LXSJ: `+86${cells.LXSJ}` }),
  (cells) => Object.assign(cells, { LXSJ: cells.LXSJ?.slice(0, 10) }),
  (cells) => Object.assign(cells, { XM: `${cells.XM?.[0]}??` }),
  (cells) => Object.assign(cells, { XM: `${cells.XM?.[0]}  ${cells.XM?.slice(1)}` }),
  (cells) => Object.assign(cells, { XM: `${cells.XM?.[0]}𠮷` }),
  (cells) => Object.assign(cells, { SFZH: '' }),
  (cells) => Object.assign(cells, { SFZH: cells.SFZH?.replace(/.$/, (c) => (c === '5' ? '6' : '5')) }),
  (cells) => Object.assign(cells, { CSRQ: cells.CSRQ?.slice(0, 6) }),
  (cells) => Object.assign(cells, { KLDM: '9' }),
  (cells) => Object.assign(cells, { KSH: cells.KSH?.slice(0, 13) }),
];
