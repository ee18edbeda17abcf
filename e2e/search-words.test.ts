import { sql } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ArrangedQueue, arrangeQueue } from './arrange-queue.ts';
import { openBrowser, openPage, signIn } from './browser.ts';
import { begin, NEW_PASSWORD } from './call-screen.ts';
import { type RunningServer, startServer } from './server.ts';

/** Whom somebody looked for stands in no address of a page or a request, and is gone with the session (law.md R30, ASVS 14.2.1). */

let server: RunningServer;
let browser: Browser;
let queue: ArrangedQueue;
let page: Page;
let faults: string[];
const addresses: string[] = [];

beforeAll(async () => {
  server = await startServer({ demo: 'no' });
  queue = await arrangeQueue(server, 8);
  browser = await openBrowser();
  ({ page, faults } = await openPage(browser, server.url));
  page.on('request', (request) => addresses.push(decodeURIComponent(request.url())));
  page.on('framenavigated', (frame) => addresses.push(decodeURIComponent(frame.url())));
  await begin(page, queue.caller);
});
afterAll(async () => {
  await browser?.close();
  await queue?.close();
  await server?.stop();
});

const search = () => page.getByLabel('搜索', { exact: true }).first();
const total = (count: number) => page.getByText(`共 ${count} 条`).waitFor();
const kept = () => page.evaluate<string>('JSON.stringify([sessionStorage, localStorage, history.state])');
const saysWords = (text: string) => ['欧阳', '林晓'].filter((word) => text.includes(word));

test('a name searched for is in no address; back, a reload and the drawer keep it', async () => {
  await page.goto('/candidates');
  await total(8);
  await search().fill('欧阳文静');
  await page
    .getByRole('button', { name: '查 询' })
    .or(page.getByRole('button', { name: '查询' }))
    .click();
  await total(1);
  await page.getByRole('button', { name: /展\s*开/ }).waitFor();
  await search().fill('林晓');
  await page.keyboard.press('Enter');
  await page.getByText('林*').waitFor();
  await page.goBack();
  await page.getByText('欧**静').waitFor();
  expect(await search().inputValue()).toBe('欧阳文静');
  await page.reload();
  await page.getByText('欧**静').waitFor();
  expect(await search().inputValue()).toBe('欧阳文静');
  await page.getByText('欧**静').first().click();
  await page.getByRole('dialog').waitFor();
  expect(page.url()).toContain('open=');
  await page.reload();
  await page.getByRole('dialog').waitFor();
  await total(1);
  await page.goBack();
  await total(1);
  expect(saysWords(addresses.join('\n'))).toEqual([]);
  expect(addresses.some((address) => address.endsWith('/api/candidates/search'))).toBe(true);
});

test('a hit of the global search opens 来电查找 with its digits, and no address says them', async () => {
  const no = await queue.ask(async ({ tx, tenantId }) => {
    const { rows } = await sql<{ no: string }>`
      select c.candidate_no as no, case_apply(jsonb_build_array(jsonb_build_object('id', k.id::text, 'version', k.version, 'kind', 'corrected',
        'at', now(), 'after', jsonb_build_object('owner_id', ${queue.colleague.userId}::text, 'group_id', null))))
      from follow_up_case k join candidate c on c.tenant_id = k.tenant_id and c.id = k.candidate_id
      where k.tenant_id = ${tenantId} and c.name = '何苗'`.execute(tx);
    return rows[0]?.no ?? '';
  });
  await page.goto('/');
  await page.getByRole('heading', { name: '我的录检' }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: '搜索' }).fill(no);
  await page.getByRole('option', { name: /不在您名下/ }).click();
  await page.getByRole('heading', { name: '来电查找' }).waitFor();
  expect(await page.getByLabel('号码', { exact: true }).inputValue()).toBe(no.slice(-4));
  expect(new URL(page.url()).search).toBe('');
  expect(addresses.filter((address) => address.includes(no))).toEqual([]);
  await page.reload();
  await page.getByRole('heading', { name: '来电查找' }).waitFor();
});

test('signed out, neither the tab nor its history knows whom anybody looked for', async () => {
  await page.goto('/candidates');
  await total(7);
  await search().fill('欧阳文静');
  await page.keyboard.press('Enter');
  await total(1);
  expect(saysWords(await kept())).toContain('欧阳');
  await page.getByRole('button', { name: '周宁' }).click();
  await page.getByText('退出', { exact: true }).click();
  await page.getByLabel('账号').waitFor();
  expect(saysWords(await kept())).toEqual([]);
  await signIn(page, { ...queue.caller, password: NEW_PASSWORD });
  await page.getByRole('heading', { name: '我的录检' }).waitFor();
  await page.goBack();
  expect(saysWords(await kept())).toEqual([]);
  await page.goto('/candidates?q=欧阳文静');
  await total(7);
  expect(await search().inputValue()).toBe('');
  expect(faults).toEqual([]);
});
