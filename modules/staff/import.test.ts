import type { FastifyInstance } from 'fastify';
import { readXlsx, writeXlsx } from 'hucre/xlsx';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatBearer } from '#platform/http/request-session';
import { makeWorld, type Person, request, type World } from '#platform/testing/app';
import { serveEndpoints } from '#platform/testing/module-server';
import { PERMISSIONS, permissionsOf } from '#staff/rules';
import { staffEndpoints } from './routes.ts';

let world: World;
let app: FastifyInstance;
let close: () => Promise<void>;
let office: Person;

beforeAll(async () => {
  world = await makeWorld({ permissionsOf });
  ({ app, close } = await serveEndpoints(world, staffEndpoints, { permissions: PERMISSIONS, permissionsOf }));
  office = await world.addPerson({ roles: ['admissions_office'], name: '周办' });
  await request(app, office, { method: 'POST', url: '/staff/groups', body: { name: '一组', capacity: 2 } });
  await request(app, office, {
    method: 'PUT',
    url: '/staff/skills/yue',
    body: { name: '粤语', kind: 'dialect' },
  });
});
afterAll(async () => {
  await close();
  await world.close();
});

const headings = ['账号', '姓名', '类别', '部门', '小组', '角色', '技能', '有效期至'];
const sheet = async (rows: (string | number)[][], titles = headings): Promise<Buffer> =>
  Buffer.from(await writeXlsx({ sheets: [{ name: '人员', rows: [titles, ...rows] }] }));

interface Reply {
  status: number;
  body: Record<string, never> & {
    id: string;
    code?: string;
    message: string;
    findings: { row: number; column: string; sentence: string }[];
  };
}

async function upload(bytes: Buffer, name = '人员.xlsx'): Promise<Reply> {
  const form = new FormData();
  form.append('file', new File([new Uint8Array(bytes)], name));
  const packed = new Response(form);
  const response = await app.inject({
    method: 'POST',
    url: '/api/staff/imports',
    headers: {
      'x-requested-with': 'zhizhao',
      cookie: `zhizhao_session=${formatBearer(office)}`,
      'content-type': packed.headers.get('content-type') ?? '',
    },
    payload: Buffer.from(await packed.arrayBuffer()),
  });
  return { status: response.statusCode, body: response.json() };
}
const confirm = (id: string) => request(app, office, { method: 'POST', url: `/staff/imports/${id}/confirm` });
const accounts = () =>
  world.as('system', async ({ tx, tenantId }) => {
    const { rows } = await sql<{
      n: number;
    }>`select count(*)::int as n from user_account where tenant_id = ${tenantId}`.execute(tx);
    return rows[0]?.n;
  });

describe('import of staff', () => {
  test('previews, writes the whole sheet, and the same file again changes nothing', async () => {
    const bytes = await sheet([
      ['t101', '陈一', '教师', '信息工程学院', '一组', '回访员、全员招生报备人', '粤语', ''],
      ['t102', '林二', '教师', '人事处', '', '', '', ''],
      [2026010103, '何三', '学生', '信息工程学院', '一组', '回访员', '', '2099-9-30'],
    ]);
    const preview = await upload(bytes);
    expect(preview.body).toMatchObject({
      rows: 3,
      created: 3,
      updated: 0,
      unchanged: 0,
      rejected: 0,
      findings: [],
    });
    expect(preview.body.newUnits).toEqual([
      { name: '信息工程学院', kind: 'school' },
      { name: '人事处', kind: 'department' },
    ]);
    expect(await accounts()).toBe(1);
    const done = await confirm(preview.body.id);
    expect(done.body).toMatchObject({ created: 3, updated: 0, unchanged: 0 });
    expect(
      (done.body.codes as { initialCode: string }[]).map(({ initialCode }) => initialCode.length),
    ).toEqual([16, 16, 16]);
    const list = await request(app, office, {
      method: 'POST',
      url: '/staff/people/search',
      body: { text: 't101' },
    });
    expect(list.body.items).toMatchObject([
      {
        name: '陈一',
        unitName: '信息工程学院',
        groupName: '一组',
        roles: ['caller', 'recruiter'],
        skills: ['yue'],
      },
    ]);
    const again = await upload(bytes);
    expect(again.body).toMatchObject({ rows: 3, created: 0, updated: 0, unchanged: 3, rejected: 0 });
    expect((await confirm(again.body.id)).body).toEqual({ created: 0, updated: 0, unchanged: 3, codes: [] });
    expect(await accounts()).toBe(4);
  });
  test('a changed row updates; roles and qualification of people who exist stay', async () => {
    const preview = await upload(await sheet([['t101', '陈一', '教师', '人事处', '一组', '财务', '', '']]));
    expect(preview.body).toMatchObject({ updated: 1, rejected: 0 });
    expect((await confirm(preview.body.id)).status).toBe(200);
    const list = await request(app, office, {
      method: 'POST',
      url: '/staff/people/search',
      body: { text: 't101' },
    });
    expect(list.body.items).toMatchObject([
      { unitName: '人事处', roles: ['caller', 'recruiter'], skills: [] },
    ]);
  });
  test('every finding is a sentence with its row; nothing is written while one stands; the errors can be downloaded', async () => {
    const before = await accounts();
    const preview = await upload(
      await sheet([
        ['t201', '赵一', '教师', '', '', '', '', ''],
        ['t201', '钱二', '教师', '', '', '', '', ''],
        ['t101', '另一人', '教师', '人事处', '', '', '', ''],
        ['中文账号', '孙三', '临时', '', '九组', '督查组', '吴语', '昨天'],
        ['t205', '李四', '学生', '', '', '', '', ''],
        ['', '', '', '', '', '', '', ''],
        ['t207', '周五', '教师', '', '一组', '', '', ''],
        ['t208', '吴六', '教师', '', '', '', '', '2026-13-40'],
        ['t209', '郑七', '教师', '', '', '', '', '2026-02-30'],
      ]),
    );
    const said = preview.body.findings.map(({ row, column }) => `${row} ${column}`);
    expect(said).toEqual([
      '3 账号',
      '4 姓名',
      '5 账号',
      '5 类别',
      '5 有效期至',
      '5 角色',
      '5 小组',
      '5 技能',
      '6 有效期至',
      '8 小组',
      '9 有效期至',
      '10 有效期至',
    ]);
    expect(preview.body.findings.at(-1)?.sentence).toBe('没有“2026-02-30”这一天，请核对日期。');
    expect(preview.body).toMatchObject({ rows: 8, created: 1, rejected: 7 });
    const refused = await confirm(preview.body.id);
    expect([refused.status, refused.body.code]).toEqual([422, 'rows_rejected']);
    expect(await accounts()).toBe(before);
    const errors = await app.inject({
      url: `/api/staff/imports/${preview.body.id}/errors`,
      headers: { cookie: `zhizhao_session=${formatBearer(office)}` },
    });
    const book = await readXlsx(errors.rawPayload);
    expect(book.sheets[0]?.rows).toHaveLength(8);
    expect(String(book.sheets[0]?.rows[1]?.at(-1))).toContain('和第 2 行重复');
  });
  test('the last day of somebody whom the importer may not shut stays, and the row says why', async () => {
    const auditor = await world.addPerson({ roles: ['audit_admin'], name: '审计' });
    const preview = await upload(
      await sheet([[auditor.username, '审计', '教师', '', '', '', '', '2099-01-01']]),
    );
    expect(preview.body.findings).toMatchObject([
      { column: '有效期至', sentence: expect.stringContaining('审计管理员') },
    ]);
  });
  test('a number formatted as a date that no calendar has is the fault of its row, not of the file', async () => {
    const titles = headings.map((title) => title);
    const book = await writeXlsx({
      sheets: [
        {
          name: '人员',
          rows: [titles, ['t401', '远日', '教师', '', '', '', '', 999_999_999]],
          columns: titles.map((header, index) => ({ header, ...(index === 7 && { numFmt: 'yyyy-mm-dd' }) })),
        },
      ],
    });
    const preview = await upload(Buffer.from(book));
    expect(preview.body.findings).toMatchObject([{ row: 2, column: '有效期至' }]);
  });
  test('two confirmations at once create everybody once', async () => {
    const preview = await upload(await sheet([['t301', '并发', '教师', '', '', '', '', '']]));
    const both = await Promise.all([confirm(preview.body.id), confirm(preview.body.id)]);
    const made = both.map(({ status, body }) => (status === 200 ? (body.created as number) : 0));
    expect(made.reduce((sum, count) => sum + count, 0)).toBe(1);
  });
});

describe('a file that is no staff sheet', () => {
  test.each<[name: string, bytes: () => Promise<Buffer> | Buffer, status: number, code: string]>([
    ['text', () => Buffer.from('账号,姓名'), 422, 'not_xlsx'],
    ['a cut workbook', async () => (await sheet([['a1', '甲', '教师']])).subarray(0, 900), 422, 'not_xlsx'],
    ['no headings', () => sheet([], ['甲', '乙']), 422, 'no_headings'],
    ['a heading short', () => sheet([['a1', '甲']], ['账号', '姓名']), 422, 'no_headings'],
    ['headings only', () => sheet([]), 422, 'no_headings'],
    ['too big', () => Buffer.alloc(4 * 1024 * 1024 + 1), 413, 'too_large'],
  ])('%s', async (_name, bytes, ...[status, code]) => {
    const reply = await upload(await bytes());
    expect([reply.status, reply.body.code]).toEqual([status, code]);
    expect(reply.body.message).toMatch(/[。]$/);
  });
  test('an id of another purpose is not found', async () => {
    expect((await confirm('00000000-0000-7000-8000-000000000000')).status).toBe(404);
  });
});
