import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { type DbfColumn, dbfBytes, dbfHeader } from './dbf.ts';
import {
  type Cells,
  dirt,
  filingCells,
  idNumber,
  type PeopleOptions,
  personCells,
  type Random,
  randomFrom,
  two,
} from './people.ts';

/**
 * Deterministic deliveries for tests and benchmarks. People are invented, mobile numbers use the unassigned segment
 * 154, landlines the exchange 000. Rows are built as bytes into one reusable buffer: a million take seconds.
 */
export type Form = '2012' | '2017';

export interface GenerateOptions extends PeopleOptions {
  form: Form;
  rows: number;
  /** Every n-th row gets dirt; 0 for clean. */
  dirtEvery?: number;
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
      columns: [...column('KSH:C:14 TDDW:C:6 YTZY:C:4'), ...FILING],
      rows: (person, filing) => [{ ...filing, KSH: person.KSH ?? '', YTZY: filing.ZYDH1 ?? '' }],
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
/** Beyond this many candidates rows repeat, with their own candidate number, mobile and ID number. */
const POOL_ROWS = 4096;

async function writeTable(folder: string, plan: TablePlan, options: GenerateOptions): Promise<void> {
  const path = join(folder, plan.file);
  const stream = createWriteStream(path);
  const pool = poolOf(plan, options);
  const patch = patcherOf(plan.columns);
  let written = 0;
  let parts: Buffer[] = [dbfHeader(plan.columns, 0)];
  let waiting = 0;
  for (let index = 0; index < options.rows; index += 1) {
    const rows = pool[index % pool.length] ?? [];
    for (const row of rows) {
      const bytes =
        index < pool.length ? row : patch(Buffer.from(row), index, Math.floor(index / pool.length));
      parts.push(bytes);
      waiting += bytes.length;
      written += 1;
    }
    if (waiting < FLUSH_BYTES) continue;
    if (!stream.write(Buffer.concat(parts))) await once(stream, 'drain');
    parts = [];
    waiting = 0;
  }
  stream.end(Buffer.concat([...parts, Buffer.from([0x1a])]));
  await once(stream, 'close');
  await setRowCount(path, written);
}

/** A whole number of rounds of dirt, so that dirt falls on the same places in every round. */
function poolOf(plan: TablePlan, options: GenerateOptions): Buffer[][] {
  const round = Math.max(1, (options.dirtEvery ?? 0) * dirt.length);
  const size = Math.min(options.rows, Math.ceil(POOL_ROWS / round) * round);
  const random = randomFrom(options.seed ?? 1);
  const write = writerOf(plan.columns);
  const rowLength = plan.columns.reduce((sum, { length }) => sum + length, 1);
  return Array.from({ length: size }, (_, index) =>
    candidateRows(index, random, options, plan).map((cells) => {
      const bytes = Buffer.alloc(rowLength, 0x20);
      write(bytes, 0, cells);
      return bytes;
    }),
  );
}

function patcherOf(columns: readonly DbfColumn[]): (row: Buffer, index: number, round: number) => Buffer {
  const offsets = new Map<string, number>();
  let offset = 1;
  for (const { name, length } of columns) {
    offsets.set(name, offset);
    offset += length;
  }
  const [noAt = 1, phoneAt, idAt] = ['KSH', 'LXSJ', 'SFZH'].map((name) => offsets.get(name));
  return (row, index, round) => {
    const short = row[noAt + 13] === 0x20 ? 1 : 0;
    row.write(
      String(index)
        .padStart(10, '0')
        .slice(0, 10 - short),
      noAt + 4,
      'latin1',
    );
    if (phoneAt !== undefined && /^154\d{8} {19}$/.test(row.toString('latin1', phoneAt, phoneAt + 30))) {
      row.write(String((index * 48_271) % 100_000_000).padStart(8, '0'), phoneAt + 3, 'latin1');
    }
    if (idAt !== undefined) patchId(row, idAt, round);
    return row;
  };
}

/** Another serial and county; a wrong check digit stays wrong. */
function patchId(row: Buffer, at: number, round: number): void {
  const id = row.toString('latin1', at, at + 18);
  const valid = idNumber(id.slice(0, 6), id.slice(6, 14), id.slice(14, 17)) === id;
  if (!valid) return;
  const county = two((Number(id.slice(4, 6)) + Math.floor(round / 100)) % 100);
  const serial = two((Number(id.slice(14, 16)) + round) % 100);
  row.write(idNumber(`${id.slice(0, 4)}${county}`, id.slice(6, 14), `${serial}${id[16]}`), at, 'latin1');
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
