import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const START_MS = 400_000;

/** The real program as a process of its own, on a free loopback port, in a data folder of its own. */
export interface RunningServer {
  readonly url: string;
  readonly dataDir: string;
  readonly lines: readonly string[];
  /** Runs an operator command against the same data folder and returns its JSON. */
  command<T>(...args: string[]): Promise<T>;
  /** Ends the server as a power cut would. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly dataDir?: string;
  /** `no`: an empty installation. */
  readonly demo?: 'yes' | 'no';
}

export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'zhizhao-e2e-')));
  const env = {
    ...process.env,
    DATA_DIR: dataDir,
    PORT: '0',
    HOST: '127.0.0.1',
    DEMO: options.demo ?? 'no',
    LOG_LEVEL: 'warn',
  };
  const child = spawn(process.execPath, ['apps/server/main.mjs'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const url = await addressOf(child, lines);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  return {
    url,
    dataDir,
    lines,
    command: (...args) => runCommand(args, env),
    kill: () => end('SIGKILL'),
    stop: async () => {
      await end('SIGTERM');
      if (!options.dataDir) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Waits for the line that names the address; a process that ends before fails with what it said. */
function addressOf(child: ChildProcess, lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`server not ready:\n${lines.join('\n')}`)), START_MS);
    const read = (chunk: Buffer): void => {
      lines.push(...chunk.toString().split('\n').filter(Boolean));
      const address = /智招已就绪：(http\S+)/.exec(lines.join('\n'))?.[1];
      if (!address) return;
      clearTimeout(timer);
      resolve(address);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`server ended with ${code}:\n${lines.join('\n')}`));
    });
  });
}

function runCommand<T>(args: readonly string[], env: NodeJS.ProcessEnv): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['apps/cli/main.mjs', ...args, '--json'], { cwd: root, env });
    let out = '';
    let problem = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      problem += chunk.toString();
    });
    child.once('exit', (code) =>
      code === 0
        ? resolve(JSON.parse(out) as T)
        : reject(new Error(`${args.join(' ')} ended with ${code}:\n${out}${problem}`)),
    );
  });
}
