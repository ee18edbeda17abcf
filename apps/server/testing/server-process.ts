import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface ServerProcess {
  readonly child: ChildProcess;
  /** Address once it is ready; null when it ended before, with what it said in `said()`. */
  readonly ready: Promise<string | null>;
  readonly ended: Promise<number | null>;
  readonly said: () => string;
}

/** The real server as a process of its own, without demonstration. */
export function spawnServer(env: Record<string, string>): ServerProcess {
  const child = spawn(process.execPath, ['apps/server/main.mjs'], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DEMO: 'no',
      LOG_LEVEL: 'error',
      PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const address = /智招已就绪：(http\S+)/;
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const ready = new Promise<string | null>((resolve) => {
    const read = (chunk: Buffer): void => {
      said += chunk.toString();
      const url = address.exec(said)?.[1];
      if (url) resolve(url);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    void ended.then(() => resolve(null));
  });
  return { child, ready, ended, said: () => said };
}

/** Starts one that must be ready. */
export async function startedServer(env: Record<string, string>): Promise<ServerProcess & { url: string }> {
  const server = spawnServer(env);
  const url = await server.ready;
  if (url === null) throw new Error(`server ended:\n${server.said()}`);
  return { ...server, url };
}
