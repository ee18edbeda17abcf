import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { type DbfColumn, dbfBytes, dbfHeader } from './dbf.ts';

/**
 * Deterministic deliveries for tests and benchmarks. People are invented, mobile numbers use the unassigned segment
 * 154, landlines the exchange 000. Rows are built as bytes into one reusable buffer: a million take seconds.
 */
export type Form = '2012' | '2017';

export interface GenerateOptions {
  form: Form;
  rows: number;
  /** Every n-th row gets dirt; 0 for clean. */
  dirtEvery?: number;
  /** Two digits, GB/T 2260. */
  province?: string;
  year?: number;
  seed?: number;
}

const column = (text: string): DbfColumn[] =>
  text.split(' ').map((part) => {
    const [name = '', kind = 'C', length = '1'] = part.split(':');
    return { name, type: kind === 'N' ? 'N' : 'C', length: Number(length) };
  });

const PERSON = column(
  'KSH:C:14 XM:C:64 XBDM:C:1 CSRQ:C:8 ZZMMDM:C:2 MZDM:C:2 KSLBDM:C:1 BYLBDM:C:1 ZXDM:C:9 ZXMC:C:40 DQDM:C:6 SFZH:C:18 JTDZ:C:128 YZBM:C:6 LXSJ:C:30 LXDH:C:30 SJR:C:20',
);
const FILING = column(
  'PCDM:C:1 KLDM:C:1 JHXZDM:C:1 JHLBDM:C:1 TDLXDM:C:1 CJ:N:7 TDCJ:N:12 ZGF:N:5 TDZY:N:3 LQZY:C:4 TDYYDM:C:4 KSZT:C:1 ZYTJFC:C:1 BZ:C:254',
);
const SLOTS = column(
  'TDDWDM:C:6 ZYDH1:C:4 ZYDH2:C:4 ZYDH3:C:4 ZYDH4:C:4 ZYDH5:C:4 ZYDH6:C:4 GKCJX01:N:6 GKCJX02:N:6 GKCJX03:N:6 GKCJX04:N:6',
);

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

type Cells = Record<string, string>;
type Random = (below: number) => number;

const pick = (random: Random, from: readonly string[]): string => from[random(from.length)] ?? '';
const two = (value: number): string => String(value).padStart(2, '0');
const CHECK = '10X98765432';
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** The check digit is computed here on its own, so that the rule under test has an independent witness. */
function idNumber(area: string, birth: string, serial: string): string {
  const body = `${area}${birth}${serial}`;
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(body[index]), 0);
  return `${body}${CHECK[sum % 11]}`;
}

const mobile = (random: Random): string => `154${String(random(100_000_000)).padStart(8, '0')}`;

function personCells(index: number, random: Random, options: GenerateOptions): Cells {
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

function filingCells(random: Random): Cells {
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

const codeTables: Record<string, [string, string][]> = {
  PCDM: [
    ['1', '本科批'],
    ['2', '专科批'],
  ],
  KLDM: [
    ['1', '文史'],
    ['5', '理工'],
  ],
  XBDM: [
    ['1', '男'],
    ['2', '女'],
  ],
  MZDM: [
    ['01', '汉族'],
    ['08', '壮族'],
  ],
  ZZMMDM: [
    ['03', '共青团员'],
    ['13', '群众'],
  ],
  KSLBDM: [
    ['1', '城市应届'],
    ['2', '农村应届'],
    ['3', '城市往届'],
    ['4', '农村往届'],
  ],
  TDYYDM: [
    ['0101', '身体条件不符'],
    ['0301', '本人自愿放弃'],
  ],
};

interface TablePlan {
  file: string;
  columns: DbfColumn[];
  /** Rows of this table for one candidate. */
  rows: (person: Cells, filing: Cells) => Cells[];
}

const tablePlans: Record<Form, TablePlan[]> = {
  '2012': [
    {
      file: 't_tdd.dbf',
      columns: [...PERSON, ...FILING, ...SLOTS],
      rows: (person, filing) => [{ ...filing, ...person, KLDM: person.KLDM ?? filing.KLDM ?? '' }],
    },
  ],
  '2017': [
    { file: 'T_BMK.DBF', columns: PERSON, rows: (person) => [person] },
    {
      file: 'T_TDD.DBF',
      columns: [...column('KSH:C:14 TDDW:C:6'), ...FILING],
      rows: (person, filing) => [{ ...filing, KSH: person.KSH ?? '' }],
    },
    {
      file: 'T_ZYK.DBF',
      columns: column('KSH:C:14 ZYXH:N:2 TDDWDM:C:6 ZYDH:C:4 PCDM:C:1 KLDM:C:1'),
      rows: (person, filing) =>
        [1, 2, 3, 4, 5, 6]
          .filter((rank) => filing[`ZYDH${rank}`] !== undefined)
          .map((rank) => ({
            ...filing,
            KSH: person.KSH ?? '',
            ZYXH: String(rank),
            ZYDH: filing[`ZYDH${rank}`] ?? '',
          })),
    },
    {
      file: 't_ksxkcj.dbf',
      columns: column('KSH:C:14 KMDM:C:3 DDCJ:N:6'),
      rows: (person, filing) =>
        ['1', '2', '3'].map((slot) => ({
          KSH: person.KSH ?? '',
          KMDM: `00${slot}`,
          DDCJ: filing[`GKCJX0${slot}`] ?? '',
        })),
    },
  ],
};

/** Writes a delivery into `folder` (made when missing). Rows stream to disk; memory stays flat. */
export async function generateDelivery(folder: string, options: GenerateOptions): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [table, rows] of Object.entries(codeTables)) await writeCodes(folder, table, rows);
  const subjects: [string, string][] = [
    ['01', '语文'],
    ['02', '理科数学'],
    ['03', '外语'],
    ['04', '总分'],
  ];
  if (options.form === '2012') await writeCodes(folder, 'CJXDM', subjects);
  else
    await writeCodes(
      folder,
      'KMDM',
      subjects.slice(0, 3).map(([code, name]) => [`0${code}`, name]),
    );
  for (const plan of tablePlans[options.form]) await writeTable(folder, plan, options);
}

async function writeCodes(folder: string, table: string, rows: [string, string][]): Promise<void> {
  const columns: DbfColumn[] = [
    { name: table, length: 4 },
    { name: `${table.slice(0, -2)}MC`, length: 40 },
  ];
  const stream = createWriteStream(join(folder, `TD_${table}.DBF`));
  stream.end(dbfBytes(columns, rows));
  await once(stream, 'finish');
}

const FLUSH_BYTES = 1 << 20;

async function writeTable(folder: string, plan: TablePlan, options: GenerateOptions): Promise<void> {
  const path = join(folder, plan.file);
  const stream = createWriteStream(path);
  const random = randomFrom(options.seed ?? 1);
  const rowLength = plan.columns.reduce((sum, { length }) => sum + length, 1);
  const cellWriter = writerOf(plan.columns);
  let written = 0;
  stream.write(dbfHeader(plan.columns, 0));
  let buffer = Buffer.alloc(FLUSH_BYTES + 8 * rowLength, 0x20);
  let at = 0;
  for (let index = 0; index < options.rows; index += 1) {
    for (const cells of candidateRows(index, random, options, plan)) {
      cellWriter(buffer, at, cells);
      at += rowLength;
      written += 1;
    }
    if (at < FLUSH_BYTES) continue;
    if (!stream.write(buffer.subarray(0, at))) await once(stream, 'drain');
    buffer = Buffer.alloc(FLUSH_BYTES + 8 * rowLength, 0x20);
    at = 0;
  }
  stream.end(Buffer.concat([buffer.subarray(0, at), Buffer.from([0x1a])]));
  await once(stream, 'close');
  await setRowCount(path, written);
}

function candidateRows(index: number, random: Random, options: GenerateOptions, plan: TablePlan): Cells[] {
  const person = personCells(index, random, options);
  const filing = filingCells(random);
  const every = options.dirtEvery ?? 0;
  if (every > 0 && index % every === every - 1) dirt[Math.floor(index / every) % dirt.length]?.(person);
  return plan.rows(person, filing);
}

function writerOf(columns: readonly DbfColumn[]): (buffer: Buffer, at: number, cells: Cells) => void {
  const encoded = new Map<string, Buffer>();
  const encode = (text: string): Buffer => {
    const known = encoded.get(text);
    if (known) return known;
    const bytes = iconv.encode(text, 'gb18030');
    if (encoded.size < 100_000) encoded.set(text, bytes);
    return bytes;
  };
  return (buffer, start, cells) => {
    let at = start + 1;
    for (const { name, length, type } of columns) {
      const text = cells[name] ?? '';
      const last = text === '' ? 0 : text.charCodeAt(text.length - 1);
      if (text !== '' && last < 0x80 && text.charCodeAt(0) < 0x80) {
        const width = Math.min(text.length, length);
        buffer.write(text, type === 'N' ? at + length - width : at, width, 'latin1');
      } else if (text !== '') encode(text).copy(buffer, at, 0, length);
      at += length;
    }
  };
}

async function setRowCount(path: string, rows: number): Promise<void> {
  const handle = await open(path, 'r+');
  const count = Buffer.alloc(4);
  count.writeUInt32LE(rows);
  await handle.write(count, 0, 4, 4);
  await handle.close();
}
