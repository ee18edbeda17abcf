import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateDelivery } from '../modules/delivery/testing/generate.ts';
import { zipBytes } from '../modules/delivery/testing/zip.ts';
import { beginWithFactor, openBrowser, openPage, picture } from './browser.ts';
import { type RunningServer, startServer } from './server.ts';

let server: RunningServer;
let browser: Browser;
let folder: string;
let initialCode: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhizhao-e2e-import-'));
  await generateDelivery(join(folder, 'first'), { form: '2012', rows: 20, dirtEvery: 0 });
  await generateDelivery(join(folder, 'second'), { form: '2017', rows: 60, dirtEvery: 7 });
  await writeFile(join(folder, '四川本科批.zip'), await zipped(join(folder, 'second')));
  server = await startServer({ demo: 'no' });
  await server.command('tenant', 'create', '--code', 'xuyuan', '--name', '须园学院');
  const target = ['--tenant', 'xuyuan', '--year', '2023', '--province', '四川', '--batch', '本科批'];
  await server.command('import', join(folder, 'first'), ...target);
  const person = ['--username', 'lujian', '--name', '陆检', '--role', 'file_clerk'];
  const account = await server.command<{ initialCode: string }>(
    'user',
    'create',
    '--tenant',
    'xuyuan',
    ...person,
  );
  initialCode = account.initialCode;
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** As the province sends it: one folder in a zip. */
async function zipped(path: string): Promise<Buffer> {
  const entries = await Promise.all(
    (await readdir(path)).map(async (name) => [`四川/${name}`, await readFile(join(path, name))] as const),
  );
  return zipBytes(Object.fromEntries(entries), { compress: true });
}

async function choose(page: Page, field: string, text: string): Promise<void> {
  await page.locator(field).click();
  await page
    .locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: text })
    .first()
    .click();
}

test('the file clerk uploads a zip, looks at the preview, confirms, and takes it back', async () => {
  const { page, faults } = await openPage(browser, server.url);
  await beginWithFactor(page, { tenant: 'xuyuan', username: 'lujian', password: initialCode }, '陆检');
  await page.goto('/imports');
  await page.locator('#import-province').fill('四川');
  await page.keyboard.press('Enter');
  await choose(page, '#import-batch', '本科批');
  await picture(page, 'import-choose');
  await page.locator('input[type=file]').first().setInputFiles(join(folder, '四川本科批.zip'));
  await page.getByRole('button', { name: /确认导入 \d+ 人/ }).waitFor({ timeout: 60_000 });
  await page.getByText('（平衡）').waitFor();
  await picture(page, 'import-preview');
  await page.getByRole('tab', { name: /更新对照/ }).click();
  await picture(page, 'import-difference');
  await page.reload();
  await page.getByRole('button', { name: /确认导入 \d+ 人/ }).click();
  await page.getByRole('button', { name: '撤销导入' }).waitFor({ timeout: 60_000 });
  await picture(page, 'import-report');
  await page.getByRole('button', { name: '撤销导入' }).click();
  await page.getByRole('textbox').last().fill('下发了错误的文件');
  await page.locator('.ant-modal-footer .ant-btn-primary').click();
  await page.getByText('已撤销').first().waitFor();
  await picture(page, 'import-undone');
  expect(faults).toEqual([]);
});
