import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, openPage, picture, signIn, typeCode } from './browser.ts';
import { type RunningServer, startServer } from './server.ts';

let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  server = await startServer({ demo: 'no' });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** A new college: the operator makes the tenant and the first account; the person makes it theirs. */
test('first start: a new account changes its password, binds a second factor, reads the rules, and is led from step to step', async () => {
  await server.command('tenant', 'create', '--code', 'xuyuan', '--name', '须园学院', '--kind', 'institution');
  const account = await server.command<{ initialCode: string }>(
    'user',
    'create',
    '--tenant',
    'xuyuan',
    '--username',
    'zhouqi',
    '--name',
    '周启',
    '--role',
    'admissions_office',
  );
  const { page, faults } = await openPage(browser, server.url);

  await signIn(page, { tenant: 'xuyuan', username: 'zhouqi', password: account.initialCode });
  const next = '春风十里不如你来报到';
  await page.getByLabel('现在的密码').fill(account.initialCode);
  await page.getByLabel('新密码', { exact: true }).fill(next);
  await page.getByLabel('再输一遍新密码').fill(next);
  await picture(page, 'login-password');
  await page.locator('button[type=submit]').click();

  await page.getByRole('heading', { name: '绑定动态口令' }).waitFor();
  const secret = ((await page.locator('.zz-enrol code').textContent()) ?? '').replaceAll(/\s/g, '');
  await picture(page, 'login-enrol');
  await typeCode(page, secret);
  await page.getByRole('button', { name: '完成绑定' }).click();

  await page.getByText('恢复码').first().waitFor();
  await picture(page, 'login-recovery-codes');
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: '进入系统' }).click();

  await page.getByRole('heading', { name: '谁在处理、为什么' }).waitFor();
  await picture(page, 'login-notice');
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: '同意并进入' }).click();

  await page.getByText('周启').first().waitFor();
  await page.getByRole('heading', { name: '开季准备（已完成 0 / 11 步）' }).waitFor();
  await picture(page, 'home-empty');

  await page.locator('[aria-current=step]').getByText('新建招生季').click();
  await page.getByRole('button', { name: '新建招生季' }).last().click();
  await page.getByLabel('学校全称').fill('须园学院');
  await page.getByLabel('学校座机区号').fill('028');
  await page.getByRole('button', { name: '新建并设为当前' }).click();
  await page.getByRole('tab', { name: '批次' }).waitFor();
  await page.getByRole('link', { name: '我的工作' }).click();
  await page.locator('[aria-current=step]').getByText('录入批次').waitFor();
  expect(faults).toEqual([]);
});
