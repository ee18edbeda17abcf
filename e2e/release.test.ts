import { sql } from 'kysely';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '#platform/config';
import { type Ctx, system, withTenant } from '#platform/db/tenant';
import type { UserId } from '#platform/ids';
import { makeLog } from '#platform/log';
import { openRuntime } from '#platform/runtime';
import { createAccount } from '#platform/session/accounts';
import { createTenant } from '#platform/tenant';
import type { World } from '#platform/testing/app';
import { arrangeCandidates, arrangeSeason, type Season } from '../modules/assignment/testing/arrange.ts';
import { beginWithFactor, type Login, openBrowser, openPage, picture } from './browser.ts';
import { type RunningServer, startServer } from './server.ts';

const TENANT = 'xuyuan';

interface College {
  readonly ask: <T>(work: (ctx: Ctx) => Promise<T>) => Promise<T>;
  readonly clerk: Login;
  close(): Promise<void>;
}

let server: RunningServer;
let browser: Browser;
let college: College;

beforeAll(async () => {
  server = await startServer({ demo: 'no' });
  college = await arrangeCollege(server);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await college?.close();
  await server?.stop();
});

/** Two groups with three callers, 60 candidates in four provinces, one of them without its policy. */
async function arrangeCollege({ dataDir }: RunningServer): Promise<College> {
  const runtime = await openRuntime(loadConfig({ ...process.env, DATA_DIR: dataDir }), makeLog('silent'));
  const tenant = await createTenant(runtime.owner(), runtime.env.masterKey, {
    code: TENANT,
    name: '须园学院',
    kind: 'institution',
  });
  if (tenant === 'taken') throw new Error(`tenant ${TENANT} exists`);
  const ask: College['ask'] = (work) => withTenant(runtime.env, { tenantId: tenant.id, actor: system }, work);
  const world = {
    as: (_who: unknown, work: (ctx: Ctx) => Promise<unknown>) => ask(work),
  } as unknown as World;
  const season = await arrangeSeason(world);
  await ask(({ tx, tenantId }) =>
    sql`update province_policy set calling_from = '00:00', calling_until = '24:00' where tenant_id = ${tenantId}`.execute(
      tx,
    ),
  );
  for (const [at, name] of ['安宁', '白露', '陈夏'].entries()) await addCaller(ask, season, at, name);
  await arrangeCandidates(world, season, 40);
  await arrangeCandidates(world, season, 12, { province: '52' });
  await arrangeCandidates(world, season, 5, { province: '53' });
  await arrangeCandidates(world, season, 3, { province: '44' });
  const clerk = await account(ask, 'lujian', '陆检', 'file_clerk');
  return { ask, clerk, close: () => runtime.close() };
}

async function account(
  ask: College['ask'],
  username: string,
  name: string,
  role: string,
): Promise<Login & { userId: UserId }> {
  const made = await ask((ctx) => createAccount(ctx, { username, name, roles: [role] }));
  if (!made.ok) throw new Error(made.error.message);
  return { tenant: TENANT, username, password: made.value.initialCode, userId: made.value.userId };
}

async function addCaller(ask: College['ask'], season: Season, at: number, name: string): Promise<void> {
  const { userId } = await account(ask, `caller${at}`, name, 'caller');
  await ask(({ tx, tenantId }) =>
    sql`insert into staff_profile (tenant_id, user_id, kind, group_id, qualified_at, open_work_cap)
      values (${tenantId}, ${userId}, 'teacher', ${season.groups[at % 2] ?? null}, now(), 200)`.execute(tx),
  );
}

test('the file clerk chooses, previews and releases; callers have their work; ownership is changed', async () => {
  const { page, faults } = await openPage(browser, server.url);
  await beginWithFactor(page, college.clerk, '陆检');
  await page.goto('/admission/check');
  await page.getByText('广东本科批还没有录入政策').waitFor();
  await page.getByRole('link', { name: '补录政策' }).waitFor();
  await picture(page, 'release-check');

  await page.goto('/admission/release');
  await page.getByText('范围内待分配 60 名，其中可以放出 57 名').waitFor();
  await page.getByText('广东本科批还没有录入政策').waitFor();
  await picture(page, 'release-range');
  await page.getByRole('button', { name: '下一步：限制' }).click();
  await page.getByText('参与的小组').waitFor();
  await picture(page, 'release-limits');
  await page.getByRole('button', { name: '预览分配' }).click();
  await page.getByRole('button', { name: '放出 57 名' }).waitFor();
  await picture(page, 'release-preview');
  await page.getByRole('button', { name: '放出 57 名' }).click();
  await page.getByText('将生成 57 个回访任务').waitFor();
  await page.locator('.ant-modal-footer .ant-btn-primary').click();
  await page.getByText('已放出 57 名').waitFor({ timeout: 60_000 });
  await picture(page, 'release-done');
  const { rows } = await college.ask(({ tx, tenantId }) =>
    sql`select state, count(*)::int as cases, count(distinct owner_id)::int as owners from follow_up_case
      where tenant_id = ${tenantId} group by state order by state`.execute(tx),
  );
  expect(rows).toEqual([
    { state: 'escalated', cases: 5, owners: 0 },
    { state: 'ready', cases: 52, owners: 3 },
  ]);

  await page.goto('/admission/release?view=history');
  await page.getByText('已放出').first().waitFor();
  await picture(page, 'release-history');

  await page.goto('/team/ownership');
  await page.getByRole('button', { name: '安宁' }).click();
  await page.locator('.ant-drawer .ant-table-row').first().waitFor();
  await picture(page, 'ownership-cases');
  await page.locator('.ant-drawer .ant-table-tbody .ant-checkbox-input').first().check();
  await page.getByRole('button', { name: '改派 1 名' }).click();
  await page.getByRole('combobox', { name: '改派给' }).fill('白露');
  await page.keyboard.press('Enter');
  await page.getByText(/将改派 1 名。白露的在办从 \d+ 名变为 \d+ 名/).waitFor();
  await picture(page, 'ownership-move');
  await page.getByRole('button', { name: '取消' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('row', { name: /安宁/ }).getByRole('button', { name: '全部交回' }).click();
  await page.getByRole('textbox', { name: '原因' }).fill('请假');
  await page.locator('.ant-modal-footer .ant-btn-primary').click();
  await page.getByText(/已交回 1\d 名/).waitFor();
  await picture(page, 'ownership');

  await page.goto('/candidates?province=51');
  await page.getByRole('button', { name: '视图' }).click();
  await page.getByLabel('视图名称').fill('四川');
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByRole('button', { name: '视图：四川' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: '视图：四川' }).waitFor();

  await page.goto('/follow-up/leads');
  await page.getByText('还没有报备').waitFor();
  await picture(page, 'leads');
  expect(faults).toEqual([]);
});
