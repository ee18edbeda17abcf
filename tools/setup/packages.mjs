import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BUNDLED_NODE, isWritable, MODULES, ROOT, readJson, SetupFailure, say } from './support.mjs';

const SERVER_NODE = [22, 18];

/**
 * npm writes node_modules/.package-lock.json last, so it is there only after a complete install. Every package of the
 * lock file must stand in it in the same version; optional ones of other platforms may be missing.
 */
export function packagesMatchLock() {
  const wanted = readJson(join(ROOT, 'package-lock.json'))?.packages;
  const installed = readJson(join(MODULES, '.package-lock.json'))?.packages;
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    if (path === '') return true;
    const found = installed[path];
    return found ? found.version === version && found.integrity === integrity : optional === true;
  });
}

export function installPackages() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new SetupFailure(`本机的 Node 是 ${process.versions.node}，安装智招需要 20.19 或更新的版本。`);
  }
  if (!isWritable(ROOT) || (existsSync(MODULES) && !isWritable(MODULES))) {
    throw new SetupFailure(`需要安装依赖，但当前用户不能写 ${ROOT}。请用安装者的身份先运行一次 npm ci。`);
  }
  say('正在安装依赖（首次约需一两分钟）……');
  // No install scripts: nothing here needs one, and none of 250 packages gets to run code at install time.
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  if (runNpm(['ci', ...options]) !== 0) {
    // The network failed, or the lock file does not fit package.json: the second way copes with both.
    say('npm ci 没有成功，改用 npm install 再试一次……');
    if (runNpm(['install', '--no-save', ...options]) !== 0) {
      throw new SetupFailure(
        '依赖没有装成（原因见上）。请检查网络，或设置 npm 镜像：npm config set registry <镜像地址>，然后重试。',
      );
    }
  }
  say('✓ 依赖已装好');
}

/** The npm that called us, on the Node it runs on: ours may be inside the node_modules that npm ci removes. */
function runNpm(args) {
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  const isScript = npm && /\.c?js$/.test(npm);
  const [file, prefix] = isScript ? [node ?? process.execPath, [npm]] : ['npm', []];
  const { status } = spawnSync(file, [...prefix, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
    env: cleanEnv(),
  });
  return status;
}

/** Without the settings of the calling npm (`npm_config_…` from its command line) and with PATH as the user has it. */
function cleanEnv() {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_(package|lifecycle|command|config_(?!registry|userconfig|cache|.*proxy))/i.test(name),
  );
  const path = (process.env.PATH ?? '').split(':').filter((part) => !part.endsWith('node_modules/.bin'));
  return { ...Object.fromEntries(kept), PATH: path.join(':') };
}

/** The program needs Node 22.18; Node 24 comes as a package. Where that does not run (Alpine), the machine's must do. */
export function checkRuntime() {
  if (existsSync(BUNDLED_NODE)) {
    if (versionIsEnough(nodeVersion(BUNDLED_NODE))) return;
    rmSync(BUNDLED_NODE, { force: true });
    say('随项目安装的 Node 在本机不能运行，改用系统里的 Node。');
  }
  const system = nodeVersion('node', cleanEnv());
  if (versionIsEnough(system)) return;
  throw new SetupFailure(
    `智招需要 Node ${SERVER_NODE.join('.')} 以上，本机是 ${system || '未知版本'}，随项目的 Node 24 又不适用于 ${process.platform}-${process.arch}。请安装 Node 24。`,
  );
}

function nodeVersion(file, env = process.env) {
  const { stdout } = spawnSync(file, ['-p', 'process.versions.node'], { encoding: 'utf8', env });
  return (stdout ?? '').trim();
}

export function versionIsEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > SERVER_NODE[0] || (major === SERVER_NODE[0] && minor >= SERVER_NODE[1]);
}
