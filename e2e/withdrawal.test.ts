import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, openPage, picture, signIn, typeCode } from './browser.ts';
import { ask, type DemoLogin, find, holders, startDemo } from './demo-college.ts';
import type { RunningServer } from './server.ts';

let server: RunningServer;
let logins: readonly DemoLogin[];
let browser: Browser;
const faults: string[] = [];
const STEP_MS = 30_000;

beforeAll(async () => {
  ({ server, logins } = await startDemo());
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function enter(login: DemoLogin | undefined): Promise<Page> {
  if (!login) throw new Error('the demonstration has nobody with this role');
  const opened = await openPage(browser, server.url);
  opened.page.on('close', () => faults.push(...opened.faults));
  await signIn(opened.page, login);
  await opened.page.getByText('我的工作').first().waitFor();
  return opened.page;
}

interface Chance {
  readonly withdrawable: boolean | null;
  readonly barredBecause: string | null;
}

/** The first caller with a case of this kind. Callers have a password alone, the same for all of the demonstration. */
async function callerWith(fits: (chance: Chance) => boolean): Promise<{ page: Page; caseId: string }> {
  const [known] = holders(logins, 'caller');
  if (!known) throw new Error('the demonstration has no caller');
  for (let number = 2; number <= 12; number += 1) {
    const page = await enter({ ...known, username: `huifang${String(number).padStart(2, '0')}` });
    const list = await find<{ items: { caseId: string | null }[] }>(page, '/candidates/search', {
      limit: 50,
    });
    for (const { caseId } of list?.items ?? []) {
      const chance = caseId && (await ask<Chance>(page, `/withdrawals/cases/${caseId}`));
      if (caseId && chance && fits(chance)) return { page, caseId };
    }
    await page.close();
  }
  throw new Error('no caller has such a case');
}

/** The leader of the candidate's group. */
async function leaderOf(id: string): Promise<Page> {
  for (const login of holders(logins, 'caller', 'group_leader')) {
    const page = await enter(login);
    if (await ask(page, `/withdrawals/${id}`)) return page;
    await page.close();
  }
  throw new Error('no leader sees the request');
}

/** A code can be used once: waits for the next one. */
async function typeNextCode(page: Page, { totpSecret = '' }: DemoLogin, usedAt: number): Promise<void> {
  while (Math.floor(Date.now() / STEP_MS) === Math.floor(usedAt / STEP_MS)) await page.waitForTimeout(500);
  await typeCode(page, totpSecret);
}

test('a withdrawal goes from the request to the photo, the leader, the file clerk; a binding province refuses', async () => {
  const [clerkLogin] = holders(logins, 'file_clerk');
  const clerk = await enter(clerkLogin);
  const enteredAt = Date.now();
  const bound = await callerWith(({ withdrawable }) => withdrawable === false);
  await bound.page.goto(`/withdrawals/new?caseId=${bound.caseId}`);
  await bound.page.getByText('投档以后省里不受理退档申请').waitFor();
  await bound.page.getByText('准备复读').click();
  const dead = bound.page.getByRole('button', { name: '登记并生成申请书' });
  expect(await dead.getAttribute('aria-disabled')).toBe('true');
  await picture(bound.page, 'withdrawal-binding');
  await bound.page.close();

  const { page, caseId } = await callerWith(({ barredBecause }) => barredBecause === null);
  await page.goto(`/withdrawals/new?caseId=${caseId}`);
  await page.getByText('准备复读').click();
  await page.getByLabel('考生的说法').fill('想再读一年，家里也同意');
  await picture(page, 'withdrawal-new');
  await page.getByRole('button', { name: '登记并生成申请书' }).click();
  await page.getByText('材料照片还没有上传').waitFor();
  const id = new URL(page.url()).searchParams.get('open') ?? '';
  const [letter] = await Promise.all([page.waitForEvent('download'), page.getByText('下载申请书').click()]);
  expect(letter.suggestedFilename()).toContain('退档申请书');
  const photo = await sharp({ create: { width: 1200, height: 900, channels: 3, background: '#d8dee3' } })
    .jpeg()
    .toBuffer();
  await page
    .locator('.zz-drop input[type=file]')
    .first()
    .setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: photo });
  await page.getByText('查看材料照片').waitFor();
  await picture(page, 'withdrawal-evidence-in');

  const leader = await leaderOf(id);
  await leader.goto(`/withdrawals?open=${id}`);
  await leader.getByRole('button', { name: '核对材料' }).click();
  const image = leader.locator('.zz-evidence img');
  await image.waitFor();
  const pass = leader.getByRole('button', { name: '核对通过' });
  expect(await pass.isDisabled()).toBe(true);
  for (const box of await leader.locator('.zz-check-split input[type=checkbox]').all()) await box.check();
  const width = () =>
    image.evaluate((element) => (element as unknown as { naturalWidth: number }).naturalWidth);
  await expect.poll(width, { timeout: 20_000 }).toBeGreaterThan(0);
  await picture(leader, 'withdrawal-check');
  await pass.click();
  await leader.locator('.ant-drawer-title').getByText('待录检组办理').waitFor();

  await clerk.goto(`/withdrawals?open=${id}`);
  await clerk.getByRole('button', { name: '办理退档' }).click();
  await clerk.getByText('结果定为“已退档”').waitFor();
  await picture(clerk, 'withdrawal-execute');
  await clerk.locator('.ant-modal-footer .ant-btn-primary').click();
  // Within ten minutes of signing in the factor still counts as fresh; on a slow machine it is asked again.
  const again = clerk.getByText('请再次确认身份');
  const done = clerk.locator('.ant-drawer-title').getByText('已退档');
  await again.or(done).first().waitFor();
  if (await again.isVisible()) {
    await typeNextCode(clerk, clerkLogin as DemoLogin, enteredAt);
    await clerk.getByRole('button', { name: '确认并继续' }).click();
  }
  await done.waitFor();
  await picture(clerk, 'withdrawal-executed');

  for (const each of [page, leader, clerk]) await each.close();
  expect(faults).toEqual([]);
}, 240_000);
