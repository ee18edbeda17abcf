import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateDelivery } from '../../modules/delivery/testing/generate.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const MINUTES_MS = 60_000;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhizhao-cli-import-'));
  await generateDelivery(join(folder, 'delivery'), { form: '2017', rows: 40, dirtEvery: 9 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function zhizhao(...args: string[]): Promise<{ code: number | null; out: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, DATA_DIR: join(folder, 'data') };
    const child = spawn(process.execPath, ['apps/cli/main.mjs', ...args], { cwd: root, env });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.once('exit', (code) => resolve({ code, out }));
  });
}

const options = ['--tenant', 'Clt', '--year', '2023', '--province', '四川', '--batch', '本科批', '--json'];
const KEYS = [
  ...[
    'rows',
    'deletedRows',
    'candidates',
    'created',
    'updated',
    'unchanged',
    'merged',
    'conflicts',
    'rejected',
    'locked',
  ],
  ...['noPhone', 'namesLost', 'badId', 'findings'],
];

test('a code is one character or more, in capitals or not: stored in lower case, taken in either', {
  timeout: MINUTES_MS,
}, async () => {
  const create = (code: string) =>
    zhizhao('tenant', 'create', '--code', code, '--name', '测试学院', '--json');
  expect(JSON.parse((await create('C')).out)).toMatchObject({ code: 'c' });
  const again = await create('c');
  expect([again.code, JSON.parse(again.out)]).toMatchObject([1, { refused: { code: 'code_taken' } }]);
  expect((await create('-c')).code).toBe(2);
});

test('import: figures in their order and 0, a bad file 1, wrong usage 2', {
  timeout: 3 * MINUTES_MS,
}, async () => {
  await zhizhao('tenant', 'create', '--code', 'CLT', '--name', '测试学院');
  const done = await zhizhao('import', join(folder, 'delivery'), ...options);
  expect(done.code).toBe(0);
  expect(Object.keys(JSON.parse(done.out)).slice(0, KEYS.length)).toEqual(KEYS);

  await writeFile(join(folder, 'bad.dbf'), 'not a table');
  const refused = await zhizhao('import', join(folder, 'bad.dbf'), ...options);
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.out)).toHaveProperty('refused.details.file', 'bad.dbf');

  expect((await zhizhao('import', join(folder, 'delivery'), '--tenant', 'clt')).code).toBe(2);
});

test('columns of a sheet: as given, remembered for the same headings, and those nobody knew said with how to map them', {
  timeout: 3 * MINUTES_MS,
}, async () => {
  await zhizhao('tenant', 'create', '--code', 'CLT', '--name', '测试学院');
  const sheet = join(folder, '名单.csv');
  const mapping = join(folder, '列对应.json');
  await writeFile(sheet, '编号,姓名,联系方式\n23510100000077,余子和,15400007777\n');
  const refused = await zhizhao('import', sheet, ...options);
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.out).refused).toMatchObject({
    code: 'no_candidate_no',
    message: expect.stringContaining('{"编号": "KSH"}'),
    details: { headings: ['编号', '姓名', '联系方式'] },
  });

  await writeFile(mapping, JSON.stringify({ 编号: 'KSH', 联系方式: '电话' }));
  expect((await zhizhao('import', sheet, ...options, '--mapping', mapping)).code).toBe(2);

  await writeFile(mapping, JSON.stringify({ 编号: 'KSH' }));
  const given = JSON.parse((await zhizhao('import', sheet, ...options, '--mapping', mapping)).out);
  expect(given).toMatchObject({
    created: 1,
    noPhone: 1,
    columns: { mapping: 'given', unread: ['联系方式'] },
  });

  await writeFile(mapping, JSON.stringify({ 编号: 'KSH', 联系方式: 'LXSJ' }));
  await zhizhao('import', sheet, ...options, '--mapping', mapping);
  const again = JSON.parse((await zhizhao('import', sheet, ...options)).out);
  expect(again).toMatchObject({ unchanged: 1, noPhone: 0, columns: { mapping: 'remembered', unread: [] } });

  const words = await zhizhao('import', sheet, ...options.slice(0, -1));
  expect(words.out).toContain('按上次为同样表头指定的列对应读取');
});
