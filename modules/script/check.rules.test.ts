import { describe, expect, test } from 'vitest';
import { checkScript, cutChange, scriptChanges } from './check.rules.ts';
import { END, flagScript, mergeText, type ScriptBody, type Step } from './rules.ts';

const SAY = '您好，我是{{学校}}的{{回访员}}，通话会录音。';
const at = (id: string, ways: Readonly<Record<string, string>> = {}, say = '说明情况'): Step => ({
  id,
  title: `步骤${id}`,
  say,
  ask: '',
  branches: Object.entries(ways).map(([label, to]) => ({ label, to })),
});
const body = (...steps: Step[]): ScriptBody => ({
  steps: [at('one', { 继续: 'two' }, SAY), ...steps],
  objections: [],
});
const sound = body(at('two', { 结束: END }));
const codes = (script: ScriptBody, kind: 'call' | 'sms' = 'call') =>
  checkScript({ kind, occasion: null }, script).map(({ code }) => code);

test.each<[rule: string, script: ScriptBody, codes: string[]]>([
  ['a short sound script', sound, []],
  ['a last step without branches ends it', body(at('two')), []],
  ['a way back is fine while an end can be reached', body(at('two', { 再来: 'one', 结束: END })), []],
  ['no step at all', { steps: [], objections: [] }, ['no_steps']],
  ['the same id twice', body(at('two'), at('two')), ['double_id']],
  ['an empty step', body(at('two', {}, ' ')), ['empty']],
  ['800 characters', body(at('two', {}, '长'.repeat(800))), []],
  ['801 characters', body(at('two', {}, '长'.repeat(801))), ['too_long']],
  ['an unknown field', body(at('two', {}, '{{身份证号}}')), ['unknown_field']],
  ['a known field with blanks', body(at('two', {}, '{{ 考生 }}')), []],
  ['a tag', body(at('two', {}, '<script>x</script>')), ['code']],
  ['a template of another kind', body(at('two', {}, `$${'{'}process.env}`)), ['code']],
  ['open braces', body(at('two', {}, '{{考生')), ['code']],
  ['a field in a title', body({ ...at('two'), title: '告知{{专业}}' }), ['code']],
  ['a field in the name of a branch', body(at('two', { '{{专业}}': END })), ['code']],
  ['less-than in words is no code', body(at('two', {}, '分数 < 600 也可以')), []],
  ['a branch to nowhere', body(at('two', { 去: 'nine' })), ['dangling', 'no_end', 'no_end']],
  ['a branch without a name', body(at('two', { ' ': END })), ['unlabelled']],
  ['a step nobody reaches', body(at('two'), at('three')), ['unreachable']],
  [
    'two steps in a circle',
    body(at('two', { 一: 'three' }), at('three', { 二: 'two' })),
    ['no_end', 'no_end', 'no_end'],
  ],
  ['nobody says who calls', { steps: [at('one')], objections: [] }, ['no_introduction']],
  [
    'no word on recording',
    { steps: [at('one', {}, '{{学校}}{{回访员}}')], objections: [] },
    ['no_introduction'],
  ],
  [
    'the word on recording as a hint, for lines that record',
    {
      steps: [{ ...at('one', {}, '{{ 学校 }}{{回访员}}'), ask: '用录音电话的，先说会录音' }],
      objections: [],
    },
    [],
  ],
  [
    'an objection without source',
    { ...sound, objections: [{ id: 'fee', title: '学费', keyword: '', say: '见章程', source: ' ' }] },
    ['no_source'],
  ],
])('%s', (_rule, script, expected) => {
  expect(codes(script)).toEqual(expected);
});

test('40 steps are allowed, 41 are not', () => {
  const steps = Array.from({ length: 40 }, (_, n) =>
    at(`s${n}`, n === 39 ? {} : { 下一步: `s${n + 1}` }, n === 0 ? SAY : '说'),
  );
  expect(codes({ steps, objections: [] })).toEqual([]);
  expect(codes({ steps: [...steps, at('more')], objections: [] })).toEqual(['too_many']);
});

test('a message names the college and has at most 200 characters', () => {
  const message = (say: string): ScriptBody => ({ steps: [at('text', {}, say)], objections: [] });
  expect(codes(message('【{{学校}}】您好'), 'sms')).toEqual([]);
  expect(codes(message('您好'), 'sms')).toEqual(['no_introduction']);
  expect(codes(message(`{{学校}}${'长'.repeat(194)}`), 'sms')).toEqual([]);
  expect(codes(message(`{{学校}}${'长'.repeat(195)}`), 'sms')).toEqual(['too_long']);
  const two = { steps: [at('text', { 下一段: 'more' }, '【{{学校}}】您好'), at('more')], objections: [] };
  expect(codes(two, 'sms')).toEqual(['not_one_text']);
});

test.each([
  ['{{学校}}{{考生}}', []],
  ['{{学校}}{{专业}}', ['uncertain_field']],
  ['{{学校}}{{ 专业 }}', ['uncertain_field']],
])('a message that goes out by itself: %s', (say, expected) => {
  const script = { steps: [at('text', {}, say)], objections: [] };
  expect(checkScript({ kind: 'sms', occasion: 'no_answer' }, script).map(({ code }) => code)).toEqual(
    expected,
  );
});

describe('merge fields', () => {
  test('are filled, and a missing value says so', () => {
    expect(mergeText('{{考生}}报了{{专业}}', { candidate: '林晓' })).toBe('林晓报了（专业未登记）');
  });
  test('a value is never read as a field again', () => {
    expect(mergeText('{{考生}}', { candidate: '{{学费}}', tuition: '1 元' })).toBe('{{学费}}');
  });
});

test('a cited document stays with its place and phrase', () => {
  const phrase = { id: 'p', pattern: '说明', kind: 'other' as const, advice: '', rule: '' };
  const cited = [{ phraseId: 'p', where: '步骤two', source: '  章程第十条 ' }];
  expect(
    flagScript(body(at('two'), at('three')), [phrase], cited).map(({ where, source }) => [where, source]),
  ).toEqual([
    ['步骤two', '章程第十条'],
    ['步骤three', null],
  ]);
});

test('a hint is looked through like what is said: what it tells the caller to say is said', () => {
  const phrase = { id: 'p', pattern: '诚信档案', kind: 'threat' as const, advice: '', rule: '' };
  const script = body({ ...at('two'), ask: '告诉对方会记入诚信档案' });
  expect(flagScript(script, [phrase]).map(({ where }) => where)).toEqual(['步骤two（提示）']);
});

test('the difference names what is new, changed and gone', () => {
  const after = body(at('two', { 结束: END }, '换了说法'), at('three'));
  expect(
    scriptChanges(sound, after).map(({ where, before, after: now }) => [
      where,
      before !== null,
      now !== null,
    ]),
  ).toEqual([
    ['2. 步骤two', true, true],
    ['3. 步骤three', false, true],
  ]);
  expect(scriptChanges(after, sound).map(({ where, after: now }) => [where, now])).toContainEqual([
    '3. 步骤three',
    null,
  ]);
  expect(scriptChanges(sound, sound)).toEqual([]);
});

test('a hint, a way and a document are part of what the approver compares', () => {
  const hinted = body({ ...at('two'), ask: '请对方自己说' });
  const [change] = scriptChanges(body(at('two')), hinted);
  expect(change?.after).toContain('提示：请对方自己说');
  const objection = { id: 'o', title: '学费贵', keyword: '学费', say: '有助学贷款', source: '章程第八条' };
  const answered = { ...sound, objections: [objection] };
  expect(scriptChanges(sound, answered)).toEqual([
    { where: '异议：学费贵', before: null, after: '有助学贷款\n依据：章程第八条' },
  ]);
  const cited = { ...sound, objections: [{ ...objection, source: '章程第九条' }] };
  expect(scriptChanges(answered, cited)).toMatchObject([{ where: '异议：学费贵' }]);
});

test.each([
  ['a word in the middle', '学费每年五千元', '学费每年六千元', ['五', '六']],
  ['something added', '您好', '您好，我是招办', ['', '，我是招办']],
  ['something taken away', '您好，我是招办', '您好', ['，我是招办', '']],
  ['a repeated sign is cut once', '好好', '好好好', ['', '好']],
  ['nothing in common', '甲', '乙', ['甲', '乙']],
  ['the same', '甲', '甲', ['', '']],
])('the changed words stand out: %s', (_case, before, after, middles) => {
  const cut = cutChange(before, after);
  expect([cut.before.middle, cut.after.middle]).toEqual(middles);
  for (const [side, whole] of [
    [cut.before, before],
    [cut.after, after],
  ] as const)
    expect(side.head + side.middle + side.tail).toBe(whole);
});
