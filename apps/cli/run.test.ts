import { afterEach, expect, test, vi } from 'vitest';
import { run } from './run.ts';

/** What a command says before it opens anything. */
async function say(...words: string[]): Promise<{ code: number; out: string; error: string }> {
  const said = { out: '', error: '' };
  const into = (where: 'out' | 'error') => (text: string | Uint8Array) => {
    said[where] += String(text);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(into('out'));
  vi.spyOn(process.stderr, 'write').mockImplementation(into('error'));
  return { code: await run(words), ...said };
}
afterEach(() => vi.restoreAllMocks());

test('help lists every command on standard output', async () => {
  const { code, out, error } = await say('help');
  expect([code, error]).toEqual([0, '']);
  for (const name of ['migrate', 'tenant create', 'import 路径', 'verify audit|follow-up', 'restore 文件'])
    expect(out).toContain(name);
});

test('help of one command is its usage', async () => {
  expect(await say('import', '--help')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^用法：import 路径/),
  });
});

test('help of the engine is its own page; what it does not know is said in Chinese', async () => {
  expect(await say('place', '--help')).toMatchObject({ code: 0, error: '' });
  expect(await say('place', '--foo')).toMatchObject({
    code: 2,
    error: expect.stringContaining('没有 --foo 这个选项。'),
  });
});

const USER = ['user', 'create', '--tenant', 't2', '--username', 'ab', '--name', '甲', '--role', 'caller'];

test.each<[what: string, words: string[], sentence: string]>([
  ['no command', [], '请写明命令。'],
  ['an unknown command', ['improt'], '没有 improt 这个命令。'],
  ['an unknown option', ['register', '--foo'], '没有 --foo 这个选项。'],
  ['an option without value', ['verify', 'audit', '--tenant'], '选项 --tenant 的值有误或缺少。'],
  ['a word too many', ['register', 'foo'], '多出了“foo”，请检查空格和引号。'],
  ['what a command misses', ['tenant', 'create'], '--code 应为'],
  ['a name of blanks', ['tenant', 'create', '--code', 't2', '--name', '  '], '缺少 --name'],
  ['a name too long', ['tenant', 'create', '--code', 't2', '--name', '长'.repeat(61)], '最多 60 个字'],
  ['a day no calendar has', [...USER, '--expires', '2026-02-30'], '应是日历上有的一天'],
  ['a last day that is over', [...USER, '--expires', '2020-01-01'], '已经过去'],
  [
    'a day of the outbox',
    ['outbox', 'read', '--day', '2026-02-31', '--reason', '人工代发'],
    '应是日历上有的一天',
  ],
  ['a second candidate', ['candidate', '26510000000001', '2'], '多出了“2”'],
  ['a reason for nothing', ['candidate', '26510000000001', '--reason', '核对信息'], '只和 --reveal 一起用'],
  ['a word demo does not know', ['demo', 'large'], '不认识“large”'],
  ['a word too many behind list', ['retention', 'list', 'phones'], '可以是 list 或 set'],
])('%s is a sentence and exit code 2, as JSON when asked', async (_what, words, sentence) => {
  const plain = await say(...words);
  expect(plain).toMatchObject({ code: 2, out: '', error: expect.stringContaining(sentence) });
  if (words.length === 0 || words.at(-1) === '--tenant') return;
  const { code, out } = await say(...words, '--json');
  expect(code).toBe(2);
  expect(JSON.parse(out)).toMatchObject({ usage: { message: expect.stringContaining(sentence) } });
});
