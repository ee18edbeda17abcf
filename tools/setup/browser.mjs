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
  const lacking = [...(found ? [] : ['chromium']), ...(hasChineseFont() ? [] : ['fonts-noto-cjk'])];
  const problem = lacking.length > 0 ? installOnDebian(lacking) : null;
  const result = found ?? findBrowser() ?? { path: null, reason: problem };
  writeFileSync(browserFile(), `${JSON.stringify(result, null, 2)}\n`);
  if (!result.path) say(`! 没有可用的 Chromium，浏览器测试无法运行：${result.reason}`);
  else say(`✓ 浏览器测试将使用 ${result.path}（${result.version}）`);
  if (result.path && !hasChineseFont()) say('! 没有中文字体，截图里的汉字会显示成方框（不影响测试结果）。');
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

function hasChineseFont() {
  if (process.platform !== 'linux') return true;
  return (spawnSync('fc-list', [':lang=zh', 'family'], { encoding: 'utf8' }).stdout ?? '').trim() !== '';
}

/** Returns what went wrong in one line; null when the packages are there now. */
function installOnDebian(packages) {
  const command = `apt-get install -y ${packages.join(' ')}`;
  if (!existsSync('/usr/bin/apt-get')) return '请安装 Chromium，或用 CHROMIUM_PATH 指明它的位置';
  if (process.getuid() !== 0) return `当前不是 root，请先执行：sudo ${command}`;
  say(`正在安装 ${packages.join('、')}（apt-get，供浏览器测试使用）……`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 };
  const wait = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'];
  const update = spawnSync('apt-get', [...wait, 'update'], options);
  const install = spawnSync(
    'apt-get',
    [...wait, 'install', '-y', '--no-install-recommends', ...packages],
    options,
  );
  if (install.status === 0) return null;
  const reason = `${update.stderr ?? ''}${install.stderr ?? ''}`.trim().split('\n').slice(-3).join(' ');
  return `apt-get 没有装成（${reason || `退出码 ${install.status}`}）`;
}

/** True when an earlier run found a browser that is still there. */
export function browserIsKnown() {
  const path = readJson(browserFile())?.path ?? '';
  return existsSync(path) && [undefined, '', path].includes(process.env.CHROMIUM_PATH);
}

function browserFile() {
  return join(CACHE, 'browser.json');
}
