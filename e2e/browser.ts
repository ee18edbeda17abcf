import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { totpCode } from '#platform/session/totp';

const cache = fileURLToPath(new URL('../.cache/', import.meta.url));
const pictures = join(cache, 'screenshots');

/** Where setup found a Chromium; throws with its reason when there is none. */
function chromiumPath(): string {
  const file = join(cache, 'browser.json');
  const found = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { path?: string; reason?: string })
    : {};
  const path = process.env.CHROMIUM_PATH ?? found.path ?? '/usr/bin/chromium';
  if (!existsSync(path)) throw new Error(`no Chromium for the browser tests: ${found.reason ?? path}`);
  return path;
}

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath(),
    // Without a locale Chromium has no Chinese file names, and a download is called `download`.
    env: { ...process.env, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

/** A page in Chinese at the size of an office laptop; a fault inside the page, or a request to another host, fails the test. */
export async function openPage(browser: Browser, url: string): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({
    baseURL: url,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport: { width: 1366, height: 768 },
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy/.test(message.text()))
      faults.push(message.text());
  });
  page.on('request', (request) => {
    const address = new URL(request.url());
    if (address.protocol.startsWith('http') && address.origin !== new URL(url).origin)
      faults.push(`outside request ${address.origin}`);
  });
  return { page, faults };
}

/** Keeps a picture of a main screen under .cache/screenshots. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

export interface Login {
  readonly tenant: string;
  readonly username: string;
  readonly password: string;
  readonly totpSecret?: string;
}

/** Signs in through the pages, with the second factor where the account has one. */
export async function signIn(page: Page, login: Login): Promise<void> {
  await page.goto('/login');
  const tenant = page.getByLabel('单位代码');
  if (await tenant.count()) await tenant.fill(login.tenant);
  await page.getByLabel('账号').fill(login.username);
  await page.getByLabel('密码', { exact: true }).fill(login.password);
  await page.getByRole('button', { name: /登\s*录/ }).click();
  if (login.totpSecret) await typeCode(page, login.totpSecret);
}

/** Types the code an authenticator would show into its field. */
export async function typeCode(page: Page, secret: string): Promise<void> {
  const field = page.locator('input.zz-code');
  await field.waitFor();
  await field.click();
  await page.keyboard.type(totpCode(secret, Date.now()));
}

/** Makes a new account with a second factor the person's own: password, authenticator, recovery codes, rules; `shown` is the name on the first page. */
export async function beginWithFactor(page: Page, login: Login, shown: string): Promise<void> {
  await signIn(page, login);
  const password = '春风十里不如你来报到';
  await page.getByLabel('现在的密码').fill(login.password);
  await page.getByLabel('新密码', { exact: true }).fill(password);
  await page.getByLabel('再输一遍新密码').fill(password);
  await page.locator('button[type=submit]').click();
  await page.getByRole('heading', { name: '绑定动态口令' }).waitFor();
  const secret = ((await page.locator('.zz-enrol code').textContent()) ?? '').replaceAll(/\s/g, '');
  await typeCode(page, secret);
  await page.getByRole('button', { name: '完成绑定' }).click();
  await page.getByText('恢复码').first().waitFor();
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: '进入系统' }).click();
  await page.getByRole('heading', { name: '谁在处理、为什么' }).waitFor();
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: '同意并进入' }).click();
  await page.getByText(shown).first().waitFor();
}
