import { expect, test } from 'vitest';
import { buildCodes, type CodeRow } from './code.rules.ts';

const table = (name: string, entries: Record<string, string>): CodeRow[] =>
  Object.entries(entries).map(([code, word]) => ({ table: name, code, name: word }));

const NEW_EXAM = table('KLDM', { '4': '历史科目组合', '5': '物理科目组合' });
const OLD_EXAM = table('KLDM', { '1': '文史', '5': '理工', '6': '艺术类（文）', '7': '艺术类（理）' });
const NATURES = table('JHXZDM', { '0': '非定向', '1': '定向', '7': '国家专项计划' });

test.each<[word: string, rows: CodeRow[], coded: object, known: boolean]>([
  ['物理科目组合', NEW_EXAM, { code: '5', name: '物理科目组合' }, true],
  ['物理类', NEW_EXAM, { code: '5', name: '物理科目组合', raw: '物理类' }, true],
  ['首选历史', NEW_EXAM, { code: '4', name: '历史科目组合', raw: '首选历史' }, true],
  ['理科', OLD_EXAM, { code: '5', name: '理工', raw: '理科' }, true],
  ['文史类', OLD_EXAM, { code: '1', name: '文史', raw: '文史类' }, true],
  ['艺术(文)', OLD_EXAM, { code: '6', name: '艺术类（文）', raw: '艺术(文)' }, true],
  ['5', OLD_EXAM, { code: '5', name: '理工' }, true],
  // Another exam than the table's: no code is made up, the usual name stays.
  ['物理', OLD_EXAM, { code: '', name: '物理类', raw: '物理' }, false],
  ['三校生', OLD_EXAM, { code: '', name: '三校生' }, false],
])('科类 %s', (word, rows, coded, known) => {
  expect(buildCodes(rows).read('KLDM', word)).toEqual({ coded, known });
});

test.each<[word: string, coded: object, known: boolean]>([
  ['非定向计划', { code: '0', name: '非定向', raw: '非定向计划' }, true],
  ['统招', { code: '0', name: '非定向', raw: '统招' }, true],
  ['国家专项', { code: '7', name: '国家专项计划', raw: '国家专项' }, true],
  ['地方专项', { code: '', name: '地方专项' }, false],
])('计划性质 %s', (word, coded, known) => {
  expect(buildCodes(NATURES).read('JHXZDM', word)).toEqual({ coded, known });
});

test('a sheet brings no code table: those of earlier deliveries of the province are asked, its own go first', () => {
  const earlier = [...NEW_EXAM, ...NATURES];
  expect(buildCodes([], earlier).read('KLDM', '物理')).toEqual({
    coded: { code: '5', name: '物理科目组合', raw: '物理' },
    known: true,
  });
  expect(buildCodes([], earlier).read('KLDM', '4').coded).toEqual({ code: '4', name: '历史科目组合' });
  expect(buildCodes(table('KLDM', { '9': '物理类' }), earlier).read('KLDM', '物理').coded?.code).toBe('9');
});

test('without any table a word has its usual name and no code; a word nobody knows is not known', () => {
  const codes = buildCodes([]);
  expect(codes.read('KLDM', '理工类')).toEqual({
    coded: { code: '', name: '理工', raw: '理工类' },
    known: true,
  });
  expect(codes.read('KLDM', '飞行类')).toEqual({ coded: { code: '', name: '飞行类' }, known: false });
  expect(codes.read('PCDM', '本科一批')).toEqual({ coded: { code: '', name: '本科一批' }, known: true });
});

test('民族 and 政治面貌 in words have the code of the standard, unless a province has codes of its own', () => {
  expect(buildCodes([]).read('MZDM', '汉')).toEqual({
    coded: { code: '01', name: '汉族', raw: '汉' },
    known: true,
  });
  expect(buildCodes([]).read('MZDM', '崩龙族').coded).toEqual({ code: '46', name: '德昂族', raw: '崩龙族' });
  expect(buildCodes(table('ZZMMDM', { '1': '团员' })).read('ZZMMDM', '共青团员').coded?.code).toBe('1');
  expect(buildCodes(table('ZZMMDM', { '1': '团员' })).read('ZZMMDM', '群众')).toEqual({
    coded: { code: '', name: '群众' },
    known: false,
  });
});

test('a name that two codes have leads to neither', () => {
  const twice = table('KLDM', { '1': '艺术', '2': '艺术类' });
  expect(buildCodes(twice).read('KLDM', '艺术').coded?.code).toBe('1');
  expect(buildCodes(twice).read('KLDM', '艺术 类')).toMatchObject({ coded: { code: '' }, known: false });
});
