import { parseArgs } from 'node:util';
import { misreadOption } from './misread.ts';
import { parseChanges } from './place-changes.ts';
import { isDirectory, Refused } from './place-files.ts';
import type { Reply } from './place-reply.ts';

const DONE = 0;
const REFUSED = 1;
const USAGE = 2;

const usage = `用法（npm run -s zhizhao -- place …，各命令均可加 --json）：
  place 输入.json --out 结果.json                    投档并核对，附证书
  place 列目录 --out 结果目录 [--threads 2]          大规模投档（列式数据；多线程用于专业自排名次的一轮）
  place verify 输入 结果                             重新核对结果与证书
  place why 输入 结果 --candidate 考生号             逐个志愿说明投到或未投到的原因
  place whatif 输入 结果 [--plan 代码=数] [--seats 代码=+1] [--ratio 代码=1.05] [--line 代码=分]
               [--cap 分组=数] [--withdraw 考生号] [--out 新结果]   试算：变动之后谁去哪里
  place convert 考生.csv 志愿.csv 专业.csv --out 列目录   由 CSV（UTF-8 或 GB18030）转为列式数据`;

const options = {
  out: { type: 'string' },
  threads: { type: 'string' },
  candidate: { type: 'string' },
  json: { type: 'boolean', default: false },
  'tie-policy': { type: 'string' },
  plan: { type: 'string', multiple: true },
  seats: { type: 'string', multiple: true },
  ratio: { type: 'string', multiple: true },
  line: { type: 'string', multiple: true },
  cap: { type: 'string', multiple: true },
  withdraw: { type: 'string', multiple: true },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>['values'];
type Task = (paths: readonly string[], values: Values) => Promise<Reply> | null;

/** Each command: the task, or null when its arguments are incomplete. */
const commands: Readonly<Record<string, Task>> = {
  place: ([input, ...rest], { out, threads }) => {
    if (input === undefined || out === undefined || rest.length > 0) return null;
    if (threads !== undefined && !/^[1-9]\d?$/u.test(threads)) return null;
    return run((tasks) => tasks.placeTask(input, out, Number(threads ?? 1)));
  },
  verify: ([input, output, ...rest]) => {
    if (input === undefined || output === undefined || rest.length > 0) return null;
    return run((tasks) => tasks.verifyTask(input, output));
  },
  why: ([input, output, ...rest], { candidate }) => {
    if (input === undefined || output === undefined || candidate === undefined || rest.length > 0)
      return null;
    return run((tasks) => tasks.whyTask(input, output, candidate));
  },
  whatif: ([input, output, ...rest], values) => {
    if (input === undefined || output === undefined || rest.length > 0) return null;
    return run((tasks) => tasks.whatIfTask({ input, output, out: values.out }, parseChanges(values)));
  },
  convert: (files, { out, 'tie-policy': tiePolicy }) => {
    if (files.length === 0 || out === undefined) return null;
    return run((tasks) => tasks.convertTask(files, out, tiePolicy));
  },
};

async function run(task: (tasks: typeof import('./place-run.ts')) => Reply | Promise<Reply>): Promise<Reply> {
  return task(await import('./place-run.ts'));
}

/** `zhizhao place …`: 0 done, 1 refused (nothing written), 2 wrong usage. */
export async function runPlace(args: string[]): Promise<number> {
  if (args.some((word) => word === '--help' || word === '-h')) {
    process.stdout.write(`${usage}\n`);
    return DONE;
  }
  const parsed = parse(args);
  if (parsed === null) return misused();
  const { values, positionals } = parsed;
  const [name = '', ...paths] = positionals;
  const isCommand = Object.hasOwn(commands, name) && name !== 'place' && !isDirectory(name);
  const task = commands[isCommand ? name : 'place'];
  try {
    const reply = await task?.(isCommand ? paths : positionals, values);
    if (!reply) return misused();
    process.stdout.write(values.json ? `${JSON.stringify(reply.data)}\n` : `${reply.lines.join('\n')}\n`);
    return reply.ok ? DONE : REFUSED;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return refused(error, values.json);
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    process.stderr.write(`${misreadOption(error) ?? String(error)}\n`);
    return null;
  }
}

function misused(): number {
  process.stderr.write(`${usage}\n`);
  return USAGE;
}

function refused({ findings }: Refused, json: boolean | undefined): number {
  if (json) process.stdout.write(`${JSON.stringify({ ok: false, findings })}\n`);
  const lines = findings.map(({ code, message }) => `  [${code}] ${message}`);
  process.stderr.write(`不予受理，共 ${findings.length} 处问题，没有写出任何文件：\n${lines.join('\n')}\n`);
  return REFUSED;
}
