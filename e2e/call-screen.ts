import type { Page } from 'playwright-core';
import { type Login, picture, signIn } from './browser.ts';

/** Steps of a caller on 我的录检, by keyboard. */

export const NEW_PASSWORD = '夏天的电话打完了再去吃西瓜';

/** A new caller makes the account theirs, then opens 我的录检. */
export async function begin(page: Page, caller: Login): Promise<void> {
  await signIn(page, caller);
  await page.getByLabel('现在的密码').fill(caller.password);
  await page.getByLabel('新密码', { exact: true }).fill(NEW_PASSWORD);
  await page.getByLabel('再输一遍新密码').fill(NEW_PASSWORD);
  await page.locator('button[type=submit]').click();
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: '同意并进入' }).click();
  await page.getByRole('heading', { name: '我的录检' }).waitFor();
  await picture(page, 'home-caller');
  await page.goto('/queue');
  await page.getByRole('heading', { name: '准备好就开始' }).waitFor();
}

export const leaseOf = (page: Page) => page.locator('.zz-call').getAttribute('data-lease');
export const nameOf = (page: Page) => page.locator('.zz-call-name h2').textContent();

export async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** Pressed the moment the candidate appears, a key may come before the screen listens; so it is pressed until the call rings. */
export async function dial(page: Page): Promise<void> {
  const ringing = page.locator('.zz-call-ringing');
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    await page.keyboard.press('d');
    const rings = await ringing.waitFor({ timeout: 3_000 }).then(
      () => true,
      () => false,
    );
    if (rings) return;
  }
  throw new Error(`no call: ${await page.locator('.zz-call-notice').textContent()}`);
}

/** Presses the keys and waits until the next candidate is in hand. */
export async function finish(page: Page, ...keys: string[]): Promise<void> {
  const before = (await leaseOf(page)) ?? '';
  const next = before === '' ? '.zz-call[data-lease]' : `.zz-call:not([data-lease="${before}"])`;
  await press(page, ...keys);
  await page.locator(next).waitFor();
}

/** One call that somebody answers. */
export async function talk(page: Page, ...keys: string[]): Promise<void> {
  await dial(page);
  await page.keyboard.press('9');
  await page.locator('.zz-call-talking').waitFor();
  await finish(page, ...keys);
}
