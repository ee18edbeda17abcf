import { parseArgs } from 'node:util';
import { loadConfig } from '#platform/config';
import { totpCode } from '#platform/session/totp';
import { loginLines, readLogins } from '../demo/logins.ts';
import { COLLEGE, type DemoSize, LARGE, SMALL } from '../demo/sizes.ts';
import { buildMarked, whileBuilding } from '../demo/unfinished.ts';
import { type Command, common, DONE, print, printRefusal, UsageError, withRuntime } from './command.ts';
import { oneWord } from './words.ts';

const SIZES: Readonly<Record<string, DemoSize>> = { small: SMALL, college: COLLEGE, large: LARGE };

export const demoCommand: Command = {
  usage:
    'demo --size small|college|large [--candidates 人数（只用于 large）] [--json]；demo logins（列出演示账号和当前动态口令）',
  run: async (args) => {
    const options = {
      ...common,
      size: { type: 'string', default: 'small' },
      candidates: { type: 'string' },
    } as const;
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    const verb = oneWord(positionals);
    if (verb === 'logins') return logins(values.json);
    if (verb !== undefined) throw new UsageError(`demo 之后只能是 logins 或选项，不认识“${verb}”。`);
    const size = sizeOf(values);
    const { dataDir } = loadConfig(process.env);
    return withRuntime(
      async (runtime) => {
        const say = (line: string): void => void process.stderr.write(`${line}\n`);
        const report = await whileBuilding(dataDir, () => buildMarked(runtime, { dataDir, size, say }));
        if (report === 'exists') {
          return printRefusal(values.json, {
            code: 'exists',
            message: '演示单位已经存在；换一个 DATA_DIR 可以重新建立。',
          });
        }
        print(values.json, report, loginLines(report));
        return DONE;
      },
      size.bulkCandidates ? 'loading' : 'production',
    );
  },
};

/** The size asked for; the large one can be had smaller, to try it out. */
function sizeOf({ size, candidates }: { size: string; candidates?: string | undefined }): DemoSize {
  const named = SIZES[size];
  if (!named) throw new UsageError(`--size 应是 ${Object.keys(SIZES).join('、')} 之一。`);
  if (candidates === undefined) return named;
  if (!named.bulkCandidates || !/^[1-9]\d{0,6}$/.test(candidates))
    throw new UsageError('--candidates 应是 1 到 9999999 的整数，且只能与 --size large 一起用。');
  return { ...named, bulkCandidates: Number(candidates) };
}

async function logins(json: boolean | undefined): Promise<number> {
  const report = await readLogins(loadConfig(process.env).dataDir);
  if (!report) return printRefusal(json, { code: 'no_demo', message: '这个数据目录里没有演示单位。' });
  const codes = report.logins.map((login) => ({
    ...login,
    code: login.totpSecret && totpCode(login.totpSecret, Date.now()),
  }));
  print(json, { ...report, logins: codes }, loginLines(report));
  return DONE;
}
