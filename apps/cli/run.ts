import { SetupError } from '#platform/setup-error';
import type { Command } from './command.ts';

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
  runCommand(words).catch((error: unknown) => {
    process.stderr.write(
      `命令没有完成：${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return 1;
  });

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
      process.stderr.write(`${error.message}\n`);
      return error.exitCode;
    }
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

/** What parseArgs did not understand, in Chinese; null: the error is another one. */
function misreadOption(error: unknown): string | null {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code !== 'string' || !code.startsWith('ERR_PARSE_ARGS')) return null;
  const named = /'(-[^\s']*)|'([^']*)'/.exec(String(message));
  const what = named?.[1] ?? named?.[2] ?? '';
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `没有 ${what} 这个选项。`;
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return `多出了“${what}”，请检查空格和引号。`;
  return `选项 ${what} 的值有误或缺少。`;
}
