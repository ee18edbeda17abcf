import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BUNDLED_NODE,
  CACHE,
  isWritable,
  listFolders,
  MODULES,
  ROOT,
  readJson,
  SetupFailure,
  say,
} from './support.mjs';

const WEB_APPS = ['workbench', 'portal'];

export function webApps() {
  return WEB_APPS.filter((app) => existsSync(join(ROOT, 'apps', app, 'index.html')));
}

export function isBuilt(app) {
  if (!existsSync(join(ROOT, 'apps', app, 'dist', 'index.html'))) return false;
  return readJson(stampFile(app))?.sources === sourcesDigest(app);
}

/** The build goes to a folder of its own and takes its place when complete: a running server never serves half of it. */
export function build(app) {
  const dist = join(ROOT, 'apps', app, 'dist');
  const [next, old] = [join(CACHE, `${app}-next`), join(CACHE, `${app}-old`)];
  if (!isWritable(join(ROOT, 'apps', app))) {
    throw new SetupFailure(
      `页面需要重新生成，但当前用户不能写 ${dist}。请用安装者的身份先运行一次 npm start。`,
    );
  }
  say('正在生成页面……');
  const digest = sourcesDigest(app);
  const vite = join(MODULES, 'vite', 'bin', 'vite.js');
  const args = [vite, 'build', join('apps', app), '--outDir', next, '--emptyOutDir', '--logLevel', 'warn'];
  const node = existsSync(BUNDLED_NODE) ? BUNDLED_NODE : 'node';
  const { status } = spawnSync(node, args, { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new SetupFailure('页面没有生成成功，原因见上。');
  rmSync(old, { recursive: true, force: true });
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(next, dist);
  rmSync(old, { recursive: true, force: true });
  writeFileSync(stampFile(app), JSON.stringify({ sources: digest }));
  say('✓ 页面已生成');
}

/** By content, not by time: a fresh checkout or a copied folder does not build again. */
function sourcesDigest(app) {
  const hash = createHash('sha256');
  for (const file of webSources(app).sort()) {
    hash.update(file.slice(ROOT.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function webSources(app) {
  const modules = listFolders(join(ROOT, 'modules')).flatMap((folder) => [
    ...filesBelow(join(folder, 'screens')),
    ...filesIn(folder).filter((file) => /(^|[./])(contract|rules)\.ts$/.test(file)),
  ]);
  const shared = ['ui', 'platform/http', join('apps', app)].flatMap((folder) =>
    filesBelow(join(ROOT, folder)),
  );
  const single = ['package-lock.json', 'package.json', 'platform/result.ts', 'tsconfig.base.json'];
  return [...modules, ...shared, ...single.map((file) => join(ROOT, file))].filter(
    (file) => existsSync(file) && !/\.test\.tsx?$/.test(file),
  );
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['dist', 'node_modules'].includes(entry.name) ? [] : filesBelow(path);
    return [path];
  });
}

function filesIn(folder) {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

function stampFile(app) {
  return join(CACHE, `${app}.json`);
}
