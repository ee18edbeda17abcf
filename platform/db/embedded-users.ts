import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetupError } from '#platform/setup-error';

const HEARTBEAT_MS = 2_000;
/** Longer than any pause of a busy user's event loop that we tolerate. */
const SILENCE_MS = 10_000;
const POLL_MS = 200;

/** Takes the mark away again; true when nobody else uses the database. */
export type Leave = () => boolean;

/**
 * Marks this process as a user of the embedded database by a file it touches every two seconds. The last user to
 * leave stops the server; users that died without leaving are recognised by their process number and start time.
 */
export function enter(folder: string): Leave {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${process.pid}-${randomBytes(4).toString('hex')}`);
  writeFileSync(file, JSON.stringify({ host: hostname(), pid: process.pid, born: born(process.pid) }));
  const heartbeat = setInterval(() => touch(file), HEARTBEAT_MS);
  heartbeat.unref();
  return () => {
    clearInterval(heartbeat);
    rmSync(file, { force: true });
    return liveUsers(folder).length === 0;
  };
}

/**
 * Two machines (or containers) on one shared folder would destroy it. Another machine's mark that is still being
 * touched refuses the start; its clock is not trusted, only whether the file changes while we watch.
 */
export async function refuseOtherMachine(folder: string): Promise<void> {
  const foreign = marks(folder).filter((mark) => mark.user.host !== hostname());
  if (foreign.length === 0) return;
  const before = new Map(foreign.map(({ file }) => [file, touchedAt(file)]));
  for (const end = Date.now() + SILENCE_MS; Date.now() < end; await sleep(POLL_MS)) {
    const alive = foreign.find(({ file }) => touchedAt(file) > (before.get(file) ?? 0));
    if (alive) {
      throw new SetupError(
        `数据目录正被另一台机器（${alive.user.host}）使用。同一数据目录同时只能由一台机器使用：请先停掉那一台，或换一个 DATA_DIR。`,
      );
    }
  }
  for (const { file } of foreign) rmSync(file, { force: true });
}

interface Mark {
  readonly file: string;
  readonly user: { readonly host: string; readonly pid: number; readonly born: string };
}

function liveUsers(folder: string): Mark[] {
  return marks(folder).filter(({ file, user }) => {
    const alive = user.host !== hostname() || (user.born !== '' && born(user.pid) === user.born);
    if (!alive) rmSync(file, { force: true });
    return alive;
  });
}

function marks(folder: string): Mark[] {
  return listFiles(folder).flatMap((file) => {
    try {
      return [{ file, user: JSON.parse(readFileSync(file, 'utf8')) }];
    } catch {
      rmSync(file, { force: true });
      return [];
    }
  });
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** Identifies a process beyond its reusable number: boot and start time on Linux, mere existence elsewhere. */
function born(pid: number): string {
  try {
    if (process.platform !== 'linux') return process.kill(pid, 0) ? 'alive' : '';
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? '' : `${boot}/${fields[18]}`;
  } catch {
    return '';
  }
}

function touch(file: string): void {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    // The folder was removed under us (a test tidying up): nothing to keep alive any more.
  }
}

function touchedAt(file: string): number {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}
