import { describe, expect, test } from 'vitest';
import { checkScript } from './check.rules.ts';
import { DEFAULT_PACK } from './pack.rules.ts';
import { DEFAULT_PHRASES } from './pack-phrases.rules.ts';
import {
  findPhrases,
  flagScript,
  isPattern,
  mergeText,
  mostSpecific,
  SAMPLE_VALUES,
  textsOf,
} from './rules.ts';

const phrases = DEFAULT_PHRASES.map((phrase, place) => ({ ...phrase, id: String(place) }));
const SMS_SIGN = /^【\{\{学校\}\}】/;

describe('the default pack', () => {
  test.each(DEFAULT_PACK.map((script) => [script.name, script] as const))(
    '%s is sound and flags nothing',
    (_name, script) => {
      expect(checkScript(script, script.body)).toEqual([]);
      expect(flagScript(script.body, phrases)).toEqual([]);
    },
  );
  test('has no blank left after merging', () => {
    const texts = DEFAULT_PACK.flatMap(({ body }) =>
      textsOf(body).map(({ text }) => mergeText(text, SAMPLE_VALUES)),
    );
    expect(texts.filter((text) => /[{}]|undefined/.test(text))).toEqual([]);
  });
  test('sends nobody to a site of the college that there may not be: only to what the college itself has made public', () => {
    const texts = [
      ...DEFAULT_PACK.flatMap(({ body }) => textsOf(body).map(({ text }) => text)),
      ...DEFAULT_PHRASES.map(({ advice }) => advice),
    ];
    expect(texts.filter((text) => /平台/.test(text.replaceAll(/阳光高考”?(信息)?平台/g, '')))).toEqual([]);
  });
  test('messages carry the name of the college first', () => {
    const messages = DEFAULT_PACK.filter(({ kind }) => kind === 'sms');
    expect(messages.length).toBeGreaterThanOrEqual(8);
    expect(messages.filter(({ body }) => !SMS_SIGN.test(body.steps[0]?.say ?? ''))).toEqual([]);
  });
  test.each([
    [true, 'filing', 'first', '可退档·通打一遍'],
    [true, 'filing', 'focus', '可退档·集中突破'],
    [false, 'filing', 'first', '不可退档·通打一遍'],
    [false, 'filing', 'final', '不可退档·最终确认'],
    [true, 'admitted', 'first', '录取后'],
    [false, 'arrival', 'final', '报到'],
    [null, 'guidance', 'first', '志愿填报指导'],
  ] as const)('for withdrawable=%s in %s/%s speaks %s', (withdrawable, phase, round, name) => {
    expect(mostSpecific(DEFAULT_PACK, { kind: 'call', withdrawable, phase, round })[0]?.name).toBe(name);
  });
  test('an unknown policy finds no script of the filing phase', () => {
    expect(
      mostSpecific(DEFAULT_PACK, { kind: 'call', withdrawable: null, phase: 'filing', round: 'first' }),
    ).toEqual([]);
  });
});

describe('messages that go out by themselves', () => {
  test.each([
    ['no_answer', '未接电话'],
    ['switched_off', '关机或无法接通'],
    ['declined', '拒接后说明身份'],
  ] as const)('%s: %s, however special the others are', (occasion, name) => {
    for (const phase of ['filing', 'admitted', 'arrival'] as const) {
      const spot = { kind: 'sms', withdrawable: true, phase, round: 'first', occasion } as const;
      expect(mostSpecific(DEFAULT_PACK, spot).map((script) => script.name)).toEqual([name]);
    }
  });
});

describe('the default phrases', () => {
  test.each([
    ['你们放心，肯定能被录取', '肯定*录取'],
    ['不来的话会记入国家诚信系统', '诚信系统'],
    ['入学以后有两次转专业的机会', '转专业'],
    ['入学以后有两次转 专 业的机会', '转专业'],
    ['入学以后有两次转　专　业的机会', '转专业'],
    ['入学以后有两次转\u200d专\u00ad业的机会', '转专业'],
    ['我们保　录\n取', '保录取'],
    ['明年可能会被无条件退档', '无条件退档'],
    ['家里读不起就别来了', '读不起'],
    ['把身份证拍照发我微信', '身份证*发我微信'],
    ['可能影响到你明年的高考报名', '影响*高考报名'],
    ['建议您还是退档', '建议*退档'],
  ])('“%s” is flagged as %s', (text, pattern) => {
    expect(findPhrases(text, phrases).map((flag) => flag.pattern)).toContain(pattern);
  });
  test.each(['录取结果以省考试院公布的为准', '可以申请国家助学贷款', '退档由您自己决定', '专业是学前教育'])(
    '“%s” is not flagged',
    (text) => expect(findPhrases(text, phrases)).toEqual([]),
  );
  test('a gap of eight characters is found, nine or a new sentence is not', () => {
    const gap = [{ id: 'x', pattern: '甲*乙', kind: 'other' as const, advice: '', rule: '' }];
    expect(findPhrases(`甲${'一'.repeat(8)}乙`, gap)).toHaveLength(1);
    expect(findPhrases(`甲${'一'.repeat(9)}乙`, gap)).toHaveLength(0);
    expect(findPhrases('甲。乙', gap)).toHaveLength(0);
  });
  test.each([
    ['保录取', true],
    ['肯定*录取', true],
    ['肯定＊录取', true],
    ['甲*乙*丙*丁', true],
    ['甲*乙*丙*丁*戊', false],
    ['甲**乙', false],
    ['*录取', false],
    ['录取*', false],
    ['**', false],
    ['退 *', false],
    ['\u200b\u200b', false],
    ['退\u200b', false],
  ])('“%s” as a phrase to look for: %s', (pattern, usable) => expect(isPattern(pattern)).toBe(usable));
  test('the default list has nothing else', () => {
    expect(DEFAULT_PHRASES.filter(({ pattern }) => !isPattern(pattern))).toEqual([]);
  });
  test('the sign of an expression in a phrase is only a sign', () => {
    const odd = [{ id: 'x', pattern: '(a+b)', kind: 'other' as const, advice: '', rule: '' }];
    expect(findPhrases('aab', odd)).toEqual([]);
    expect(findPhrases('算 (a+b) 得', odd)[0]?.excerpt).toBe('算(a+b)得');
  });
});
