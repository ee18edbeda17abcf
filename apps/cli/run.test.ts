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

test.each<[what: string, words: string[], sentence: string]>([
  ['no command', [], '请写明命令。'],
  ['an unknown command', ['improt'], '没有 improt 这个命令。'],
  ['an unknown option', ['register', '--foo'], '没有 --foo 这个选项。'],
  ['an option without value', ['verify', 'audit', '--tenant'], '选项 --tenant 的值有误或缺少。'],
  ['a word too many', ['register', 'foo'], '多出了“foo”，请检查空格和引号。'],
  ['what a command misses', ['tenant', 'create'], '--code 应为'],
])('%s is a sentence and exit code 2, as JSON when asked', async (_what, words, sentence) => {
  const plain = await say(...words);
  expect(plain).toMatchObject({ code: 2, out: '', error: expect.stringContaining(sentence) });
  if (words.length === 0 || words.at(-1) === '--tenant') return;
  const { code, out } = await say(...words, '--json');
  expect(code).toBe(2);
  expect(JSON.parse(out)).toMatchObject({ usage: { message: expect.stringContaining(sentence) } });
});
