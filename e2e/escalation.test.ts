import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Login, openBrowser, openPage, picture, signIn } from './browser.ts';
import { startDemo } from './demo-college.ts';
import type { RunningServer } from './server.ts';

interface Logins {
  readonly tenant: { readonly code: string };
  readonly password: string;
  readonly logins: readonly { username: string; name: string; roles: string[]; totpSecret?: string }[];
}

let server: RunningServer;
let browser: Browser;
let logins: Logins;

beforeAll(async () => {
  ({ server } = await startDemo());
  logins = JSON.parse(await readFile(join(server.dataDir, 'demo-logins.json'), 'utf8')) as Logins;
  browser = await openBrowser();
}, 400_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const withRole = (role: string): Login[] =>
  logins.logins
    .filter(({ roles }) => roles.includes(role))
    .map((login) => ({ ...login, tenant: logins.tenant.code, password: logins.password }));

/** Signs in and opens a screen; whoever has not accepted the processing notice does so first. */
async function openAs(page: Page, login: Login, path: string): Promise<void> {
  await signIn(page, login);
  await page.locator('.zz-page, input[type=checkbox]').first().waitFor();
  const agree = page.getByRole('button', { name: '同意并进入' });
  if (await agree.count()) {
    await page.getByRole('checkbox').check();
    await agree.click();
    await page.locator('.zz-page').first().waitFor();
  }
  await page.goto(path);
}

const rows = (page: Page) => page.locator('.ant-table-row');

test('a member of the escalation team accepts a hand-over, records the search and opens the call screen', async () => {
  const { page, faults } = await openPage(browser, server.url);
  const [member] = withRole('escalation_member');
  if (!member) throw new Error('the demonstration has an escalation team');
  await openAs(page, member, '/escalations');
  await page.getByRole('heading', { name: '转交处理' }).waitFor();
  await rows(page).first().waitFor();
  await picture(page, 'escalations');
  await rows(page).first().locator('a, button').first().click();
  await page.getByRole('button', { name: /接\s*手$/ }).click();
  await page.getByText('已接手，现在由您负责。').waitFor();
  await picture(page, 'escalation-drawer');
  await page.getByRole('tab', { name: '联系不上的办法' }).click();
  await page.getByText('下一步', { exact: true }).first().waitFor();
  await page
    .getByRole('button', { name: /登\s*记/ })
    .first()
    .click();
  await page.getByLabel('情况', { exact: true }).fill('同校考生愿意捎话');
  await page.getByRole('button', { name: /保\s*存/ }).click();
  await page.getByText('同校考生愿意捎话').waitFor();
  await picture(page, 'escalation-playbook');
  await page.getByRole('button', { name: /拨\s*打/ }).click();
  await page.locator('.zz-call-name h2').waitFor();
  await page.keyboard.press('l');
  const panel = page.getByRole('dialog', { name: /联系不上的办法/ });
  await panel.getByText('同校考生愿意捎话').waitFor();
  await picture(page, 'call-playbook');
  expect(faults).toEqual([]);
});

test('the office sees what is left in each round, and who is without a final state', async () => {
  const { page, faults } = await openPage(browser, server.url);
  const [office] = withRole('admissions_office');
  if (!office) throw new Error('the demonstration has an office');
  await openAs(page, office, '/rounds');
  await page.getByText('集中突破').first().waitFor();
  await rows(page).first().waitFor();
  await picture(page, 'rounds');
  await page.goto('/decisions');
  await page.getByText('投档阶段未办结').waitFor();
  await page.getByText('待招办确认').first().waitFor();
  await picture(page, 'decisions');
  expect(faults).toEqual([]);
});
