import { sql } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expireLease } from '../modules/follow-up/release.service.ts';
import { type ArrangedQueue, arrangeQueue } from './arrange-queue.ts';
import { openBrowser, openPage, picture } from './browser.ts';
import { begin, dial, finish, leaseOf, NEW_PASSWORD, nameOf, press } from './call-screen.ts';
import { type RunningServer, startServer } from './server.ts';

/** What goes wrong on a working day: the line breaks, the twenty minutes run out, the wrong result was saved. */

let server: RunningServer;
let browser: Browser;
let queue: ArrangedQueue;
let page: Page;
let faults: string[];

beforeAll(async () => {
  server = await startServer({ demo: 'no' });
  queue = await arrangeQueue(server, 8);
  browser = await openBrowser();
  ({ page, faults } = await openPage(browser, server.url));
  await begin(page, queue.caller);
  await finish(page, 'n');
});
afterAll(async () => {
  await browser?.close();
  await queue?.close();
  await server?.stop();
});

interface Entry {
  readonly outcome: string;
  readonly lease: string;
  readonly candidate: string;
}

const ledger = (): Promise<Entry[]> =>
  queue.ask(async ({ tx, tenantId }) => {
    const { rows } = await sql<Entry>`
      select outcome, lease_id as lease, candidate_id as candidate from attempt
      where tenant_id = ${tenantId} and channel = 'phone' order by started_at, created_at`.execute(tx);
    return rows;
  });

test('a result saved while the line is broken is kept on the page and stored once when it is back', async () => {
  await dial(page);
  const lease = await leaseOf(page);
  await page.context().setOffline(true);
  await page.getByText('网络已断开').waitFor();
  await press(page, '1');
  await page.getByText('结果还没有存上').waitFor();
  await picture(page, 'queue-offline');
  expect(await leaseOf(page)).toBe(lease);
  await page.context().setOffline(false);
  await page.locator(`.zz-call[data-lease]:not([data-lease="${lease}"])`).waitFor();
  expect((await ledger()).filter((entry) => entry.lease === lease)).toHaveLength(1);
});

test('a call whose lease ran out is told before the next candidate, and its note is kept', async () => {
  await dial(page);
  const lease = (await leaseOf(page)) ?? '';
  const name = await nameOf(page);
  await press(page, '9', 'b');
  await page.keyboard.type('父亲接的');
  await page.waitForResponse((reply) => reply.url().endsWith('/draft') && reply.status() === 204);
  await queue.ask(async (ctx) => {
    await sql`update lease set expires_at = now() - interval '1 second' where id = ${lease}`.execute(ctx.tx);
    expect(await expireLease(ctx, lease)).toBe(true);
  });
  await page.keyboard.type('，晚上再打');
  await page.getByRole('heading', { name: `请补填：${name}` }).waitFor();
  await page.getByText('超过占用时间，没有登记结果').waitFor();
  await picture(page, 'queue-complete');
  await press(page, '9');
  await page.getByText('通话大约').waitFor();
  await press(page, '2');
  await page.getByRole('heading', { name: '准备好就开始' }).waitFor();
  const [entry] = (await ledger()).filter((one) => one.lease === lease);
  expect(entry?.outcome).toBe('incomplete');
  await finish(page, 'n');
});

test('a candidate whose time ran out before the call is not taken away in silence', async () => {
  const lease = (await leaseOf(page)) ?? '';
  const name = await nameOf(page);
  await queue.ask(async (ctx) => {
    await sql`update lease set expires_at = now() - interval '1 second' where id = ${lease}`.execute(ctx.tx);
    expect(await expireLease(ctx, lease)).toBe(true);
  });
  await page.getByText(`${name}的占用已结束`).waitFor({ timeout: 90_000 });
  await page.getByRole('heading', { name: '准备好就开始' }).waitFor();
  await finish(page, 'n');
});

test('whoever is signed out in the middle of a call signs in again and finds every word', async () => {
  await dial(page);
  const lease = await leaseOf(page);
  await press(page, '9', 'b');
  await page.keyboard.type('母亲接的');
  await page.waitForResponse((reply) => reply.url().endsWith('/draft') && reply.status() === 204);
  await queue.ask(({ tx, tenantId }) =>
    sql`update session set ended_at = now(), end_reason = 'revoked' where tenant_id = ${tenantId} and user_id = ${queue.caller.userId} and ended_at is null`.execute(
      tx,
    ),
  );
  await page.keyboard.type('，晚上八点再打');
  await page.getByLabel('账号').fill(queue.caller.username);
  const code = page.getByLabel('单位代码');
  if (await code.count()) await code.fill(queue.caller.tenant);
  await page.getByLabel('密码', { exact: true }).fill(NEW_PASSWORD);
  await page.getByRole('button', { name: /登\s*录/ }).click();
  await page.locator(`.zz-call[data-lease="${lease}"]`).waitFor();
  expect(await page.locator('.zz-call textarea').first().inputValue()).toBe('母亲接的，晚上八点再打');
  await page.locator('.zz-call-talking').waitFor();
  await finish(page, '2', '2');
});

test('the wrong result is corrected on the record of the candidate, with a reason', async () => {
  await dial(page);
  const lease = await leaseOf(page);
  await finish(page, '1');
  const entry = (await ledger()).find((one) => one.lease === lease);
  const record = await page.context().newPage();
  await record.goto(`/follow-up/record?candidateId=${entry?.candidate}`);
  // The message that the result queued stands above the call and cannot be corrected.
  await record
    .locator('button:not([aria-disabled])', { hasText: /更\s*正/ })
    .first()
    .click();
  await record.getByLabel('正确的结果').click();
  await record.keyboard.type('关机');
  await record.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: '关机' }).click();
  await record.getByLabel('原因', { exact: true }).fill('按错了键');
  await record
    .getByRole('dialog')
    .getByRole('button', { name: /更\s*正/ })
    .click();
  await record.getByText('已更正', { exact: true }).waitFor();
  await picture(record, 'record');
  await record.close();
});

test('eight tabs in one browser: those out of view give their connection back, and the last one opens', async () => {
  const tabs = [];
  for (let count = 0; count < 8; count += 1) {
    const tab = await page.context().newPage();
    tabs.push(tab);
    await tab.goto('/account/sessions');
    await tab.getByRole('heading', { name: '我的会话' }).waitFor();
    // A headless browser calls every tab visible.
    await tab.evaluate(
      "Object.defineProperty(document, 'visibilityState', { value: 'hidden' }); document.dispatchEvent(new Event('visibilitychange'))",
    );
    // A browser has six connections to one host: the first four give theirs back before the others open.
    if (count === 3) await tab.waitForTimeout(6_000);
  }
  for (const tab of tabs) await tab.close();
}, 150_000);

test('the candidate’s own request opens beside the call, and the call goes on', async () => {
  await dial(page);
  const popup = page.context().waitForEvent('page');
  await press(page, 'g');
  const form = await popup;
  await form.getByText('只按考生本人的意愿登记。').waitFor();
  await form.getByText('登记并生成申请书').waitFor();
  await form.close();
  await page.locator('.zz-call-ringing').waitFor();
  await finish(page, '1');
  expect(faults).toEqual([]);
});
