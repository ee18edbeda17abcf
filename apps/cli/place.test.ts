import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { placeBench } from './place-testing.ts';

const { at, run } = placeBench();

const round = {
  candidates: [
    { id: '1', score: 600, prefs: ['A', 'B'] },
    { id: '2', score: 590, prefs: ['A'] },
  ],
  programs: [
    { code: 'A', plan: 1 },
    { code: 'B', plan: 1 },
  ],
};

async function placed(): Promise<void> {
  writeFileSync(at('in.json'), JSON.stringify(round));
  expect((await run(at('in.json'), '--out', at('out.json'))).code).toBe(0);
}

test('places, writes outcome and certificate, and verifies both again', async () => {
  await placed();
  expect(JSON.parse(readFileSync(at('out.json'), 'utf8'))).toEqual({
    assign: [
      { id: '1', code: 'A', at: 0, reason: 'PLACED' },
      { id: '2', code: null, at: -1, reason: 'FULL' },
    ],
    programs: [
      { code: 'A', filed: 1, cutoff: 600 },
      { code: 'B', filed: 0, cutoff: null },
    ],
  });
  expect(await run('verify', at('in.json'), at('out.json'))).toEqual({
    code: 0,
    text: '核对通过，证书相符。\n',
  });
});

test('the certificate does not depend on the order of rows; another input does not match it', async () => {
  await placed();
  writeFileSync(
    at('in.json'),
    JSON.stringify({ programs: round.programs.toReversed(), candidates: round.candidates.toReversed() }),
  );
  expect((await run('verify', at('in.json'), at('out.json'))).code).toBe(0);
  writeFileSync(
    at('in.json'),
    JSON.stringify({ ...round, programs: [...round.programs.slice(0, 1), { code: 'B', plan: 2 }] }),
  );
  const { code, text } = await run('verify', at('in.json'), at('out.json'), '--json');
  expect([code, JSON.parse(text)]).toMatchObject([1, { ok: false, violations: [{ rule: 'MANIFEST' }] }]);
});

test('bad input: every finding, exit 1, nothing written', async () => {
  writeFileSync(
    at('in.json'),
    JSON.stringify({ ...round, candidates: [{ id: '1', score: -1, prefs: 3 }], mode: 'x' }),
  );
  const { code, text } = await run(at('in.json'), '--out', at('out.json'), '--json');
  const codes = JSON.parse(text).findings.map((finding: { code: string }) => finding.code);
  expect([code, codes]).toEqual([1, ['BAD_MODE', 'BAD_SCORE', 'BAD_PREFS']]);
  writeFileSync(at('broken.json'), '{"candidates": [');
  expect((await run(at('broken.json'), '--out', at('out.json'))).code).toBe(1);
  expect((await run(at('missing.json'), '--out', at('out.json'))).code).toBe(1);
  expect(readdirSync(at()).sort()).toEqual(['broken.json', 'in.json']);
});

test('wrong usage is exit 2', async () => {
  expect((await run()).code).toBe(2);
  expect((await run('verify', 'one')).code).toBe(2);
  expect((await run('in.json', '--nonsense')).code).toBe(2);
});

test('why and what-if as sentences and as data', async () => {
  await placed();
  const why = await run('why', at('in.json'), at('out.json'), '--candidate', '2');
  expect(why.text).toContain('第 1 志愿 A：计划投出 1 人，已满；考生 590 分，低于投出的最低分 600 分。');
  const data = await run('whatif', at('in.json'), at('out.json'), '--seats', 'A=+1', '--json');
  expect(JSON.parse(data.text).moves).toEqual([{ id: '2', from: null, to: 'A', reason: 'PLACED' }]);
  const gone = await run('whatif', at('in.json'), at('out.json'), '--withdraw', '1');
  expect(gone.text).toContain('2：未投出 → A');
  expect((await run('whatif', at('in.json'), at('out.json'), '--plan', 'Z=1')).code).toBe(1);
  expect((await run('why', at('in.json'), at('out.json'), '--candidate', '9')).code).toBe(1);
});

test('what cannot be written is refused in words, and nothing stays behind', async () => {
  writeFileSync(at('in.json'), JSON.stringify(round));
  for (const out of [at('in.json/sub/out.json'), at(), '/proc/none/folder/out.json']) {
    const { code, text } = await run(at('in.json'), '--out', out, '--json');
    expect([code, JSON.parse(text).findings[0].code]).toEqual([1, 'UNWRITABLE']);
    expect(JSON.parse(text).findings[0].message).toMatch(/^写不出 .*。$/u);
  }
  expect(readdirSync(at())).toEqual(['in.json']);
});
