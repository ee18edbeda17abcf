import { sql } from 'kysely';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ArrangedQueue, arrangeQueue } from './arrange-queue.ts';
import { openBrowser, openPage, picture, signIn } from './browser.ts';
import { begin, dial, finish, leaseOf, NEW_PASSWORD, nameOf, press, talk } from './call-screen.ts';
import { type RunningServer, startServer } from './server.ts';

let server: RunningServer;
let browser: Browser;
let queue: ArrangedQueue;

beforeAll(async () => {
  server = await startServer({ demo: 'no' });
  queue = await arrangeQueue(server, 26);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await queue?.close();
  await server?.stop();
});

interface Told {
  outcome: string;
  undone: boolean;
  note: boolean;
}

const ledger = (): Promise<Told[]> =>
  queue.ask(async ({ tx, tenantId }) => {
    const { rows } = await sql<Told>`
      select a.outcome, a.note is not null as note, exists (select from attempt_correction k
        where k.tenant_id = a.tenant_id and k.attempt_id = a.id and k.kind = 'undone') as undone
      from attempt a where a.tenant_id = ${tenantId} and a.channel = 'phone' order by a.started_at, a.created_at`.execute(
      tx,
    );
    return rows;
  });

const handedOver = (): Promise<string[]> =>
  queue.ask(async ({ tx, tenantId }) => {
    const { rows } = await sql<{ tier: string }>`
      select tier from escalation where tenant_id = ${tenantId} and cause = 'by_hand' order by opened_at`.execute(
      tx,
    );
    return rows.map(({ tier }) => tier);
  });

test('a caller works twenty calls by keyboard alone', async () => {
  const { page, faults } = await openPage(browser, server.url);
  await begin(page, queue.caller);
  await finish(page, 'n');
  await page.locator('.zz-policy').getByText('可退档').first().waitFor();
  await picture(page, 'queue-idle');

  // Not reached: one key each, and a held key counts once.
  await dial(page);
  const first = await leaseOf(page);
  await page.keyboard.down('1');
  await page.keyboard.down('1');
  await page.keyboard.down('1');
  await page.keyboard.up('1');
  await page.locator(`.zz-call:not([data-lease="${first}"])`).waitFor();
  for (const key of ['2', '3', '4', '6', '7', '8']) {
    await dial(page);
    await finish(page, key);
  }

  // A result without a call is refused in words.
  await press(page, '2');
  await page.getByText('还没有拨打，不能登记结果').first().waitFor();

  // Reached: connected, the result, the same key again.
  await talk(page, '2', '2');
  await dial(page);
  await press(page, '9', '2');
  await page
    .getByText(/考虑 \/ 犹豫 →/)
    .first()
    .waitFor();
  await picture(page, 'queue-talking');
  await finish(page, 'Control+Enter');
  await talk(page, 'h', '2');

  // After hanging up an agreed time takes two keys.
  await talk(page, 'h', 'c', '3');

  // A new number in the middle of the call; 确认录取 asks for major and identity.
  await dial(page);
  await press(page, '9', 'p');
  await page.getByRole('textbox', { name: '号码', exact: true }).waitFor();
  await page.keyboard.type('154 9000 0001');
  await page.keyboard.press('Enter');
  await page.locator('.zz-call-numbers').getByText('154 9000 0001').waitFor();
  await finish(page, '1', '1');

  // Typing survives a reload; the call is still running.
  await dial(page);
  await press(page, '9', 'b');
  await page.keyboard.type('母亲接的，问了住宿费');
  await page.waitForResponse((reply) => reply.url().endsWith('/draft') && reply.status() === 204);
  await page.reload();
  await page.locator('.zz-call-talking').waitFor();
  expect(await page.getByLabel('备注').inputValue()).toBe('母亲接的，问了住宿费');
  await finish(page, '2', '2');

  // The wrong key, taken back within five seconds, without dialling again.
  const mistaken = await nameOf(page);
  await dial(page);
  await finish(page, '1');
  await finish(page, 'z');
  await page.locator('.zz-call-ringing').waitFor();
  expect(await nameOf(page)).toBe(mistaken);
  await finish(page, '2');

  // Signals and interest, and back into the queue only with a reason.
  await press(page, 't', '1', '0', 'Control+Enter');
  await page.locator('.zz-call-left').getByText('本专硕意向').waitFor();
  await finish(page, 'x', '4');
  await finish(page, 'e', '1', 'Control+Enter');

  // Upwards with the result of a call: the result is chosen, two keys hand it over.
  await dial(page);
  await press(page, '9', '2');
  await finish(page, 'e', 'Control+Enter');

  for (const key of ['1', '1', '2', '3', '1', '2']) {
    await dial(page);
    await finish(page, key);
  }

  const told = await ledger();
  expect(told.filter(({ undone }) => !undone).length).toBeGreaterThanOrEqual(20);
  expect(told.filter(({ undone }) => undone).map(({ outcome }) => outcome)).toEqual(['L5']);
  const counts = Map.groupBy(
    told.filter(({ undone }) => !undone),
    ({ outcome }) => outcome,
  );
  expect(counts.get('R3')?.length).toBe(5);
  expect(await handedOver()).toEqual(['leader', 'leader']);
  expect(counts.get('R1')?.length).toBe(1);
  expect(counts.get('A8')?.length).toBe(1);
  expect(told.filter(({ note }) => note).length).toBe(1);
  await picture(page, 'queue-after-twenty');
  expect(faults).toEqual([]);
});

/** The next full minute in China that leaves a quarter of a minute for the keyboard: to wait for it is all this test can do. */
function soon(): string {
  const minute = 60_000;
  const at = Math.ceil((Date.now() + minute / 4) / minute) * minute;
  return new Date(at + 480 * minute).toISOString().slice(11, 16);
}

test('a call-back comes due: the strip says so, and the next pull brings it', async () => {
  const { page, faults } = await openPage(browser, server.url);
  await signIn(page, { ...queue.caller, password: NEW_PASSWORD });
  await page.getByRole('heading', { name: '我的录检' }).waitFor();
  await page.goto('/queue');
  await page.locator('.zz-call[data-lease]').waitFor();

  const promised = await nameOf(page);
  await dial(page);
  await press(page, '9', '3', '4');
  await page.getByRole('textbox', { name: '回电时间' }).waitFor();
  await page.keyboard.type(soon());
  await page.keyboard.press('Enter');
  await page
    .getByText(/约定时间 → .*回电/)
    .first()
    .waitFor();
  await finish(page, 'Control+Enter');
  await picture(page, 'queue-callback');

  // It rings while another call is live: a strip, no dialog, and the call goes on.
  await dial(page);
  await page.locator('.zz-call-alarm').getByText(`${promised} 约`).waitFor({ timeout: 90_000 });
  await page.locator('.zz-call-alarm').getByText('已到').waitFor({ timeout: 90_000 });
  await page.locator('.zz-call-ringing').waitFor();
  await picture(page, 'queue-callback-due');
  await finish(page, '1');
  expect(await nameOf(page)).toBe(promised);
  await dial(page);
  await finish(page, '1');
  expect(faults).toEqual([]);
}, 240_000);
