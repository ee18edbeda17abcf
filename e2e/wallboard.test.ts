import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, openPage, picture, signIn } from './browser.ts';
import { act, type DemoLogin, holders, startDemo } from './demo-college.ts';
import type { RunningServer } from './server.ts';

let server: RunningServer;
let logins: readonly DemoLogin[];
let browser: Browser;

beforeAll(async () => {
  ({ server, logins } = await startDemo());
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const [OFFICE, CALLER] = [['admissions_office'], ['caller']];

async function enter(roles: readonly string[]) {
  const [login] = holders(logins, ...roles);
  if (!login) throw new Error(`nobody is ${roles.join(', ')}`);
  const opened = await openPage(browser, server.url);
  await signIn(opened.page, login);
  await opened.page.getByText('我的工作').first().waitFor();
  return opened;
}

test('the wallboard opens with an equation that closes, and follows what callers do without being asked', async () => {
  const { page, faults } = await enter(OFFICE);
  await page.goto('/reports/wallboard');
  await page.getByText('两边相等，没有考生遗漏。').waitFor();
  const terms = await page.locator('.zz-term strong').allTextContents();
  const [candidates = 0, ...places] = terms.map((text) => Number(text.replaceAll(',', '')));
  expect(places).toHaveLength(7);
  expect(candidates).toBeGreaterThan(0);
  expect(places.reduce((sum, place) => sum + place, 0)).toBe(candidates);
  await page.locator('.zz-chart-canvas').waitFor();
  await picture(page, 'wallboard');

  const paused = page.locator('.zz-stat', { hasText: '在岗' }).locator('.zz-note');
  const before = Number(/\d+/.exec((await paused.textContent()) ?? '')?.[0]);
  const caller = await enter(CALLER);
  expect(await act(caller.page, '/queue/presence', { state: 'paused', reason: '喝水' })).toBe(200);
  await page.getByText(`暂停 ${before + 1} 人`).waitFor({ timeout: 20_000 });

  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.getByRole('button', { name: '全屏' }).click();
  await page.locator('.zz-wall-full').waitFor();
  await picture(page, 'wallboard-full');
  for (const [path, text] of [
    ['/reports/days', '联系与接通'],
    ['/reports/hours', '各时段的接通率'],
    ['/reports/leaderboard', '工作量（联系次数）'],
  ] as const) {
    await page.goto(path);
    await page.getByText(text).first().waitFor();
    await picture(page, path.slice(1).replace('/', '-'));
  }
  expect([...faults, ...caller.faults]).toEqual([]);
});

test('a leader sees the group and who is stuck, writes the weekly summary and sends it; the office reads it', async () => {
  const { page, faults } = await enter(['caller', 'group_leader']);
  await page.goto('/team/board');
  await page.locator('.ant-table-row').first().waitFor();
  await picture(page, 'group-board');
  await page.goto('/team/stuck');
  await page.getByText('没有人会马上处理的考生').waitFor();
  await picture(page, 'stuck');
  await page.goto('/team/summaries');
  await page.getByRole('button', { name: '生成周报' }).click();
  await page.getByLabel('本周说明').fill('本周考生多在打工，白天不好联系，下周改到晚上拨打。');
  await picture(page, 'summary');
  await page.getByRole('button', { name: '发送给招办' }).click();
  await page.locator('.ant-modal-footer .ant-btn-primary').click();
  await page.getByText('周报已发送给招办').waitFor();

  const office = await enter(['file_clerk']);
  await office.page.goto('/team/summaries');
  await office.page.locator('.zz-identity').first().click();
  await office.page.getByText('下周改到晚上拨打').waitFor();
  expect([...faults, ...office.faults]).toEqual([]);
});
