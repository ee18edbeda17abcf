import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CACHE, listFolders, readJson, say } from './support.mjs';

const BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Leaves `{ path, version }` or `{ path: null, reason }` for the browser tests, which repeat the reason. */
export function provideBrowser() {
  const found = findBrowser();
  const result = found ?? installBrowser();
  writeFileSync(browserFile(), `${JSON.stringify(result, null, 2)}\n`);
  if (result.path) say(`✓ 浏览器测试将使用 ${result.path}(${result.version})`);
  else say(`! 没有可用的 Chromium,浏览器测试无法运行:${result.reason}`);
}

function findBrowser() {
  const given = process.env.CHROMIUM_PATH;
  for (const path of given ? [given] : [...BROWSERS, ...playwrightBrowsers()]) {
    const version = browserVersion(path);
    if (version) return { path, version };
  }
  return given ? { path: null, reason: `CHROMIUM_PATH 指向的 ${given} 不能运行` } : null;
}

function playwrightBrowsers() {
  const folder = join(homedir(), '.cache', 'ms-playwright');
  const builds = listFolders(folder).filter((path) => /chromium-\d+$/.test(path));
  return builds.flatMap((path) => [
    join(path, 'chrome-linux', 'chrome'),
    join(path, 'chrome-linux64', 'chrome'),
  ]);
}

function browserVersion(path) {
  if (!existsSync(path)) return '';
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 30_000 });
  return status === 0 ? stdout.trim() : '';
}

function installBrowser() {
  const packages = ['chromium', 'fonts-noto-cjk'];
  const command = `apt-get install -y ${packages.join(' ')}`;
  if (!existsSync('/usr/bin/apt-get'))
    return { path: null, reason: '请安装 Chromium,或用 CHROMIUM_PATH 指明它的位置' };
  if (process.getuid() !== 0) return { path: null, reason: `当前不是 root,请先执行:sudo ${command}` };
  say('正在安装测试用的 Chromium 和中文字体(apt-get)……');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 };
  const wait = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'];
  const update = spawnSync('apt-get', [...wait, 'update'], options);
  const install = spawnSync(
    'apt-get',
    [...wait, 'install', '-y', '--no-install-recommends', ...packages],
    options,
  );
  const found = findBrowser();
  if (found) return found;
  const reason = `${update.stderr ?? ''}${install.stderr ?? ''}`.trim().split('\n').slice(-3).join(' ');
  return { path: null, reason: `apt-get 没有装成(${reason || `退出码 ${install.status}`})` };
}

/** True when an earlier run found a browser that is still there. */
export function browserIsKnown() {
  return existsSync(readJson(browserFile())?.path ?? '');
}

function browserFile() {
  return join(CACHE, 'browser.json');
}
