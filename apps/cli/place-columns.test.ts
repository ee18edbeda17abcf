import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import { placeBench } from './place-testing.ts';

const { at, run } = placeBench();

const candidatesCsv = `考生号,总分,语文,数学,外语,首选科目,再选1,再选2,报名序号
03,600,120,120,130,80,75,75,2
01,610,120,130,130,80,75,75,3
02,600,120,120,130,80,75,75,1
04,400,80,90,80,50,50,50,4
`;
const programsCsv = `专业代码,专业名称,计划数,投档比例,分数线
1001-01,"计算机, 软件",1,105%,450
1001-02,法学,1,1,450
2002-09,护理,5,,180
`;
const wideCsv = `考生号,志愿1,志愿2,志愿3
01,1001-01,1001-02,
03,1001-01,"1001-02",9999-99
02,1001-01,1001-02,2002-09
04,1001-02,2002-09,
`;
const longCsv = `考生号,志愿序号,专业代码\r\n01,1,1001-01\r\n01,2,1001-02\r\n03,3,9999-99\r\n03,1,1001-01\r\n03,2,1001-02
02,1,1001-01\r\n02,2,1001-02\r\n02,3,2002-09\r\n04,1,1001-02\r\n04,2,2002-09\r\n`;

function csv(name: string, text: string, encoding = 'utf8'): string {
  writeFileSync(at(name), encoding === 'utf8' ? text : iconv.encode(text, encoding));
  return at(name);
}

const columnFiles = [
  'meta.json',
  'score.u16',
  'tiehi.u32',
  'tielo.u32',
  'prefs.u16',
  'cap.u32',
  'line.u16',
  'ids.txt',
  'codes.txt',
];

test('UTF-8 and GB18030, wide and long, in any order of files and rows: the same columns', async () => {
  const utf8 = [csv('p.csv', programsCsv), csv('c.csv', candidatesCsv), csv('w.csv', wideCsv)];
  const gb = [
    csv('w2.csv', wideCsv, 'gb18030'),
    csv('c2.csv', candidatesCsv, 'gb18030'),
    csv('p2.csv', programsCsv, 'gb18030'),
  ];
  const [head = '', ...rows] = candidatesCsv.trimEnd().split('\n');
  const long = [
    csv('l.csv', longCsv),
    csv('c3.csv', `\uFEFF${[head, ...rows.toReversed()].join('\n')}`),
    at('p.csv'),
  ];
  expect((await run('convert', ...utf8, '--out', at('one'))).code).toBe(0);
  expect((await run('convert', ...gb, '--out', at('two'))).code).toBe(0);
  expect((await run('convert', ...long, '--out', at('three'))).code).toBe(0);
  for (const file of columnFiles) {
    const bytes = readFileSync(join(at('one'), file));
    expect(readFileSync(join(at('two'), file)).equals(bytes), file).toBe(true);
    expect(readFileSync(join(at('three'), file)).equals(bytes), file).toBe(true);
  }
  expect(readFileSync(join(at('one'), 'ids.txt'), 'utf8')).toBe('01\n02\n03\n04\n');
});

test('codes and ids that are not ASCII are the same in both encodings, files mixed', async () => {
  const programs = '专业代码,计划数\n院甲,1\n"院,乙",1\n';
  const candidates = '考生号,姓名,总分\n考01,某,600\n考02,某,590\n';
  const lists = '考生号,志愿1,志愿2\n考02,院甲,院丙\n考01,"院,乙",院甲\n';
  const long = '考生号,志愿序号,专业代码\n考01,2,院甲\n考02,2,院丙\n考02,1,院甲\n考01,1,"院,乙"\n';
  const forms = [
    [csv('a.csv', programs), csv('b.csv', candidates, 'gb18030'), csv('c.csv', lists)],
    [csv('d.csv', programs, 'gb18030'), csv('e.csv', candidates), csv('f.csv', long, 'gb18030')],
  ];
  for (const [i, files] of forms.entries())
    expect((await run('convert', ...files, '--out', at(`in${i}`))).code).toBe(0);
  for (const file of columnFiles)
    expect(readFileSync(join(at('in1'), file)).equals(readFileSync(join(at('in0'), file))), file).toBe(true);
  // Numbers are in the order of codes; 65534 is a code that names no program.
  const prefs = readFileSync(join(at('in0'), 'prefs.u16'));
  expect([0, 2, 4, 6].map((offset) => prefs.readUInt16LE(offset))).toEqual([0, 1, 1, 65_534]);
  expect(readFileSync(join(at('in0'), 'codes.txt'), 'utf8')).toBe('院,乙\n院甲\n');
});

test('columns: place on one and two threads, verify, why, what-if', async () => {
  await run(
    'convert',
    csv('p.csv', programsCsv),
    csv('c.csv', candidatesCsv),
    csv('w.csv', wideCsv),
    '--out',
    at('in'),
  );
  expect((await run(at('in'), '--out', at('out'))).code).toBe(0);
  expect((await run(at('in'), '--out', at('out2'), '--threads', '2')).code).toBe(0);
  for (const file of readdirSync(at('out'))) {
    expect(readFileSync(join(at('out2'), file)).equals(readFileSync(join(at('out'), file))), file).toBe(true);
  }
  expect(
    readFileSync(join(at('out'), 'programs.csv'), 'utf8')
      .split('\n')
      .slice(1, 4)
      .map((row) => row.split(',').slice(0, 3)),
  ).toEqual([
    ['1001-01', '1', '610'],
    ['1001-02', '1', '600'],
    ['2002-09', '1', '400'],
  ]);
  expect((await run('verify', at('in'), at('out'))).code).toBe(0);
  expect((await run('why', at('in'), at('out'), '--candidate', '03')).text).toContain('报名序号在后');
  const whatif = await run(
    'whatif',
    at('in'),
    at('out'),
    '--seats',
    '1001-02=+1',
    '--out',
    at('new'),
    '--json',
  );
  expect(JSON.parse(whatif.text).moves).toEqual([{ id: '03', from: null, to: '1001-02' }]);
  writeFileSync(join(at('out'), 'reason.u8'), Uint8Array.of(2, 0, 4, 0));
  expect((await run('verify', at('in'), at('out'))).code).toBe(1);
});

test('columns that are truncated, missing or too large are refused, all at once', async () => {
  await run(
    'convert',
    csv('p.csv', programsCsv),
    csv('c.csv', candidatesCsv),
    csv('w.csv', wideCsv),
    '--out',
    at('in'),
  );
  truncateSync(join(at('in'), 'score.u16'), 7);
  rmSync(join(at('in'), 'line.u16'));
  const { code, text } = await run(at('in'), '--out', at('out'), '--json');
  expect([code, JSON.parse(text).findings.map((finding: { code: string }) => finding.code)]).toEqual([
    1,
    ['TRUNCATED', 'MISSING_COLUMN'],
  ]);
  writeFileSync(join(at('in'), 'meta.json'), '{"n": 20000001, "m": -1, "k": 3}');
  const meta = await run(at('in'), '--out', at('out'), '--json');
  expect(JSON.parse(meta.text).findings.map((finding: { code: string }) => finding.code)).toEqual([
    'TOO_MANY',
    'BAD_META',
  ]);
  expect(existsSync(at('out'))).toBe(false);
});

async function converted(...options: string[]): Promise<void> {
  const files = [csv('p.csv', programsCsv), csv('c.csv', candidatesCsv), csv('w.csv', wideCsv)];
  expect((await run('convert', ...files, '--out', at('in'), ...options)).code).toBe(0);
}

test('columns with expand: what-if places again, gives the differences and the bytes of a full run', async () => {
  await converted('--tie-policy', 'expand');
  expect((await run(at('in'), '--out', at('out'))).code).toBe(0);
  const cut = ['--plan', '1001-02=1', '--seats', '1001-02=+1', '--seats', '1001-02=-2', '--withdraw', '04'];
  const { text } = await run('whatif', at('in'), at('out'), ...cut, '--out', at('new'), '--json');
  const moves = [
    { id: '02', from: '1001-02', to: '2002-09' },
    { id: '03', from: '1001-02', to: null },
  ];
  expect(JSON.parse(text).moves).toEqual(moves);
  const files = readdirSync(at('new'));
  expect(files).toContain('manifest.json');
  const bad = await run('whatif', at('in'), at('out'), '--plan', 'Q=1', '--line', '2002-09=0.5', '--json');
  const codes = JSON.parse(bad.text).findings.map(({ code }: { code: string }) => code);
  expect([bad.code, codes]).toEqual([1, ['UNKNOWN_CODE', 'BAD_CHANGE']]);
});

test('columns in which programs rank for themselves: place, why and what-if', async () => {
  await converted();
  const merit = Uint16Array.of(5, 5, 0, 9, 5, 0, 7, 5, 5, 8, 0, 0);
  writeFileSync(join(at('in'), 'merit.u16'), merit);
  const meta = JSON.parse(readFileSync(join(at('in'), 'meta.json'), 'utf8'));
  writeFileSync(join(at('in'), 'meta.json'), JSON.stringify({ ...meta, mode: 'da' }));
  expect((await run(at('in'), '--out', at('out'))).code).toBe(0);
  const why = async (id: string): Promise<string> =>
    (await run('why', at('in'), at('out'), '--candidate', id)).text;
  expect(await why('01')).toContain('1001-01：计划投出 1 人，已满；该专业给考生评 5 分，最后一名投出者 9 分');
  expect(await why('03')).toContain('该专业给考生与最后一名投出者同评 5 分，考生报名序号在后');
  expect(await why('04')).toContain('1001-02：考生 400 分，未达到分数线 450 分');
  const whatif = await run('whatif', at('in'), at('out'), '--seats', '1001-02=+1', '--json');
  expect(JSON.parse(whatif.text).moves).toEqual([{ id: '03', from: null, to: '1001-02' }]);
});

test('CSV findings come all together, with their rows', async () => {
  const candidates = csv('c.csv', '考生号,总分\n01,600\n01,500\n02,六百\n03,-1\n');
  const programs = csv('p.csv', '专业代码,计划数\nA,1\nA,2\nB,-3\n');
  const lists = csv('w.csv', '考生号,志愿1\n01,A\n01,B\n99,A\n02\n');
  const { code, text } = await run('convert', candidates, programs, lists, '--out', at('in'), '--json');
  const codes = JSON.parse(text).findings.map((finding: { code: string }) => finding.code);
  expect(code).toBe(1);
  expect(codes).toEqual([
    ...['DUPLICATE_PROGRAM', 'BAD_PLAN', 'DUPLICATE_CANDIDATE', 'BAD_SCORE', 'BAD_SCORE'],
    ...['DUPLICATE_CANDIDATE', 'UNKNOWN_CANDIDATE', 'BAD_CSV'],
  ]);
  expect(existsSync(at('in'))).toBe(false);
});
