import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import { type Random, seeded } from '#placement/testing/random';
import { placeBench } from './place-testing.ts';

const { at, run } = placeBench();

// Plain rows are read by the fast loops, quoted ones field by field: both must say the same.

function csv(name: string, text: string | Uint8Array): string {
  writeFileSync(at(name), text);
  return at(name);
}

/** Every field of every row in quotes; the header stays as it is. */
function quoted(text: string): string {
  const [header = '', ...rows] = text.split('\n');
  return [header, ...rows.map((row) => row.replace(/[^,\r]+/gu, '"$&"'))].join('\n');
}

const programs = '专业代码,计划数\nA001,1\nA002,2\nB003,3\n';
const head = '考生号,姓名,总分,语文,数学,外语,报名序号';
const columns = ['score.u16', 'tiehi.u32', 'tielo.u32', 'prefs.u16', 'ids.txt'];

async function convert(name: string, files: readonly (string | Uint8Array)[]) {
  const paths = files.map((text, i) => csv(`${name}${i}.csv`, text));
  const { code, text } = await run('convert', ...paths, '--out', at(name), '--json');
  if (code === 0)
    return { code, bytes: columns.map((file) => readFileSync(join(at(name), file)).toString('hex')) };
  const { findings } = JSON.parse(text);
  return {
    code,
    findings: findings.map((each: { code: string; message: string }) => [
      each.code,
      each.message.replaceAll(at(name), ''),
    ]),
  };
}

const clean = `${head}\n2600000001,甲,600,120,130,110,3\n2600000002,乙,600,120,130,110,2\r\n2600000010,丙,32767,,,,100000000000000`;

test.each([
  [
    'a column a preference',
    '考生号,志愿1,志愿2\n2600000001,A001,B003\n2600000010,,A002\r\n2600000002,Z999,A001\n',
  ],
  [
    'a row a preference',
    '考生号,志愿序号,专业代码\n2600000001,1,A001\n2600000001,2,B003\r\n2600000010,2,A002\n2600000002,1,Z999\n2600000002,02,A001',
  ],
])('%s: plain and quoted rows give the same columns', async (_form, lists) => {
  const plain = await convert('plain', [clean, programs, lists]);
  expect(plain.code).toBe(0);
  expect(await convert('quoted', [quoted(clean), quoted(programs), quoted(lists)])).toEqual(plain);
});

test.each([
  ['a column a preference', '考生号,志愿1,志愿2\n2600000001,A001,1\n2600000002,"A001,1",B003\n'],
  [
    'a row a preference',
    '考生号,志愿序号,专业代码\n2600000001,1,A001\n2600000002,1,"A001,1"\n2600000002,2,B003\n',
  ],
])('%s: a code that holds a comma is not found in two plain fields side by side', async (_form, lists) => {
  const odd = '专业代码,计划数\n"A001,1",1\nB003,3\n';
  const two = `${head}\n2600000001,甲,600,120,130,110,1\n2600000002,乙,590,120,130,110,2\n`;
  expect((await convert('odd', [two, odd, lists])).code).toBe(0);
  const prefs = readFileSync(join(at('odd'), 'prefs.u16'));
  const width = prefs.length / 4;
  const list = (candidate: number): number[] =>
    Array.from({ length: width }, (_, i) => prefs.readUInt16LE((candidate * width + i) * 2));
  // Programs as in their file, candidates in rank order.
  expect(list(0)).not.toContain(0);
  expect(list(1)[0]).toBe(0);
});

const row = (id: string, score: string, rest = ',,,,1'): string => `${id},甲,${score}${rest}`;

test.each<[rule: string, candidates: string, lists: string, codes: string[]]>([
  ['a score of 32768', row('01', '32768'), '01,1,A001', ['BAD_SCORE']],
  [
    'a score that is blank, or no number',
    `${row('01', '')}\n${row('02', '6x')}`,
    '01,1,A001',
    ['BAD_SCORE', 'BAD_SCORE'],
  ],
  [
    'a registration number of 100000000000001',
    row('01', '600', ',,,,100000000000001'),
    '01,1,A001',
    ['BAD_SCORE'],
  ],
  ['an id that is missing', row('', '600'), '', ['BAD_ID']],
  [
    'an id that comes twice',
    `${row('01', '600')}\n${row('01', '600')}`,
    '01,1,A001',
    ['DUPLICATE_CANDIDATE'],
  ],
  ['a column too many', row('01', '600', ',,,,1,'), '', ['BAD_CSV']],
  ['a column too few', row('01', '600', ',,,1'), '', ['BAD_CSV']],
  ['a preference numbered 0', row('01', '600'), '01,0,A001', ['BAD_PREFS']],
  ['a preference numbered 255', row('01', '600'), '01,254,A001\n01,255,A001', ['BAD_PREFS']],
  ['a preference filled twice', row('01', '600'), '01,1,A001\n01,1,B003', ['BAD_PREFS']],
  [
    'a list of nobody',
    row('01', '600'),
    '01,1,A001\n011,1,A001\n011,2,A001',
    ['UNKNOWN_CANDIDATE', 'UNKNOWN_CANDIDATE'],
  ],
  ['a list row cut short', row('01', '600'), '01,1', ['BAD_CSV']],
])('refused alike, plain or quoted: %s', async (_rule, candidates, lists, codes) => {
  const files = [`${head}\n${candidates}\n`, programs, `考生号,志愿序号,专业代码\n${lists}\n`];
  const plain = await convert('plain', files);
  expect(plain.findings?.map(([code]: [string]) => code)).toEqual(codes);
  const again = await convert('plain', files.map(quoted));
  expect(again).toEqual(plain);
});

// Random exports: fields of every length, in and out of order, with and without faults.

/** Now and then what should not be there. */
const spoilt = ({ below, pick }: Random, oneIn: number, good: string): string =>
  oneIn > 0 && below(oneIn) === 0
    ? pick(['', '0', '7x', 'A9', '12345', '000000000000000000001', '99999999999999999999', '甲', 'A001,'])
    : good;

const line = ({ below }: Random, fields: readonly string[]): string =>
  `${fields.join(',')}${below(9) === 0 ? '\r' : ''}`;

interface Shape {
  readonly ids: readonly string[];
  readonly codes: readonly string[];
  /** One field in so many is spoilt; 0 for none. */
  readonly oneIn: number;
}

/** Ids of one length or of several, in their order or not; codes likewise. */
function randomShape({ below, pick, shuffle }: Random, oneIn: number): Shape {
  const digits = pick([2, 3, 4, 7, 14]);
  const first = 10 ** digits - below(50) - 1;
  const ids = Array.from({ length: 40 }, (_, i) =>
    String(first + i * pick([1, 1, 11])).padStart(digits, '0'),
  );
  const wide = pick([3, 5, 8, 10, 13]);
  const codes = Array.from({ length: 12 }, (_, i) => `${i * 3}`.padStart(below(4) === 0 ? 5 : wide, 'C'));
  const unique = [...new Set(ids)];
  return { ids: below(2) === 0 ? unique : shuffle(unique), codes: [...new Set(codes)], oneIn };
}

function randomCandidates(random: Random, { ids, oneIn }: Shape): string {
  const { below, pick } = random;
  const figure = (most: number): string => spoilt(random, oneIn, pick(['', String(below(most))]));
  const rows = ids.map((id) =>
    line(random, [
      spoilt(random, oneIn, id),
      '张三李四'.slice(0, below(5)) + 'x'.repeat(below(6)),
      spoilt(random, oneIn, String(pick([0, 7, 99, 612, 3000, 32_767]))),
      ...[255, 255, 255].map(figure),
      figure(99_999_999),
    ]),
  );
  return `${head}\n${rows.join('\n')}\n`;
}

function randomLists(random: Random, { ids, codes, oneIn }: Shape, isLong: boolean): string {
  const { below, pick, shuffle } = random;
  const wish = (): string => (below(20) === 0 ? 'Z999' : spoilt(random, oneIn, pick(codes)));
  const order = below(2) === 0 ? ids : shuffle(ids);
  if (isLong) {
    const rows = order.flatMap((id) =>
      Array.from({ length: below(12) }, (_, i) =>
        line(random, [spoilt(random, oneIn, id), spoilt(random, oneIn, `${i + 1}`), wish()]),
      ),
    );
    return `考生号,志愿序号,专业代码\n${rows.join('\n')}\n`;
  }
  const rows = order.map((id) =>
    line(random, [spoilt(random, oneIn, id), ...[1, 2, 3, 4].map(() => (below(3) === 0 ? '' : wish()))]),
  );
  return `考生号,志愿1,志愿2,志愿3,志愿4\n${rows.join('\n')}${pick(['', '\n'])}`;
}

test.each(Array.from({ length: 60 }, (_, seed) => seed))(
  'random exports %i: plain, quoted and GB18030 rows give the same columns or findings',
  async (seed) => {
    const random = seeded(seed);
    const shape = randomShape(random, seed % 3 === 0 ? 40 : 0);
    const files = [
      randomCandidates(random, shape),
      `专业代码,计划数\n${shape.codes.map((code) => `${code},1\n`).join('')}`,
      randomLists(random, shape, seed % 2 === 0),
    ];
    const plain = await convert('plain', files);
    if (shape.oneIn === 0) expect(plain).toMatchObject({ code: 0 });
    expect(await convert('quoted', files.map(quoted))).toEqual(plain);
    expect(
      await convert(
        'gb',
        files.map((text) => iconv.encode(text, 'gb18030')),
      ),
    ).toEqual(plain);
  },
);
