import { SetupError } from '#platform/setup-error';
import type { Command } from './command.ts';
import { misreadOption } from './misread.ts';

/** Every operator command, loaded when asked for. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  migrate: async () => (await import('./migrate.ts')).migrateCommand,
  tenant: async () => (await import('./tenant.ts')).tenantCommand,
  user: async () => (await import('./user.ts')).userCommand,
  backup: async () => (await import('./backup.ts')).backupCommand,
  restore: async () => (await import('./backup.ts')).restoreCommand,
  verify: async () => (await import('./verify.ts')).verifyCommand,
  import: async () => (await import('./import.ts')).importCommand,
  candidate: async () => (await import('./candidate.ts')).candidateCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  keys: async () => (await import('./keys.ts')).keysCommand,
  retention: async () => (await import('./retention.ts')).retentionCommand,
  register: async () => (await import('./register.ts')).registerCommand,
  minors: async () => (await import('./minors.ts')).minorsCommand,
  outbox: async () => (await import('./outbox.ts')).outboxCommand,
  demo: async () => (await import('./demo.ts')).demoCommand,
  place: async () => ({
    usage: 'place …（见 docs/guide/placement.md）',
    run: (await import('./place.ts')).runPlace,
  }),
};

/** Runs the command of these words and gives the exit code; faults are printed with their place. */
export const run = (words: string[]): Promise<number> =>
  runCommand(words).catch((error: unknown) => fault(words, error));

/**
 * Whoever read the output may have seen enough (`| head -1`): the command goes on to its end, and that is no fault. What cannot be
 * written for another reason, such as a full disk, is one, whatever the command itself has to say.
 */
export function watchOutput(): void {
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') return;
    process.stderr.write(`命令已经执行，但结果没有写出来（${message}）。\n`);
    process.on('exit', () => {
      process.exitCode = 1;
    });
  });
}

function fault(words: readonly string[], error: unknown): number {
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  return failed(words, { kind: 'fault', message: `命令没有完成：${message}`, more: stack });
}

/** Neither done nor refused by a rule: the sentence on standard error, and for programs that asked for JSON on standard output too. */
function failed(
  words: readonly string[],
  { kind, message, more = '' }: { kind: 'setup' | 'fault' | 'interrupted'; message: string; more?: string },
): number {
  if (words.includes('--json')) process.stdout.write(`${JSON.stringify({ [kind]: { message } })}\n`);
  process.stderr.write(`${message}\n${more && `${more}\n`}`);
  return 1;
}

async function runCommand([name = '', ...args]: string[]): Promise<number> {
  if (HELP.includes(name)) return help();
  const load = commands[name];
  if (!load) return wrongUse(args, name ? `没有 ${name} 这个命令。` : '请写明命令。', LIST);
  const command = await load();
  // `place` has a page of its own.
  if (name !== 'place' && args.some((word) => word === '--help' || word === '-h')) {
    process.stdout.write(`用法：${command.usage}\n`);
    return 0;
  }
  try {
    return await command.run(args);
  } catch (error) {
    // Loaded late: with it comes the database, which `place` has no use for.
    const { UsageError } = await import('./command.ts');
    if (error instanceof UsageError) return wrongUse(args, error.message, command.usage);
    const misread = misreadOption(error);
    if (misread !== null) return wrongUse(args, misread, command.usage);
    if (error instanceof SetupError) {
      failed(args, { kind: 'setup', message: error.message });
      return error.exitCode;
    }
    const { Interrupted } = await import('./interrupt.ts');
    if (error instanceof Interrupted)
      return failed(args, { kind: 'interrupted', message: '已按要求停止，命令没有完成。' });
    throw error;
  }
}

const HELP: readonly string[] = ['help', '--help', '-h'];
const LIST = `npm run -s zhizhao -- <命令> [选项] [--json]；命令有 ${Object.keys(commands).join('、')}；help 列出每个命令的用法`;

/** Every command with its usage, on standard output. */
async function help(): Promise<number> {
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  process.stdout.write(
    `npm run -s zhizhao -- <命令> [选项]\n${all.map(({ usage }) => `  ${usage}`).join('\n')}\n退出码：0 完成，1 不予受理，2 用法有误。\n`,
  );
  return 0;
}

/** Wrong usage: the sentence for people on standard error, the same for programs that asked for JSON. */
function wrongUse(args: readonly string[], message: string, usage: string): number {
  if (args.includes('--json')) process.stdout.write(`${JSON.stringify({ usage: { message, usage } })}\n`);
  process.stderr.write(`${message}\n用法：${usage}\n`);
  return 2;
}
