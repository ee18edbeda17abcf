import { expect, test } from 'vitest';
import { maskPhoneText, readPhones } from './phone.rules.ts';

const read = (text: string) => {
  const { phones, rejected } = readPhones([{ text, source: 'LXDH', relation: null }]);
  return [
    ...phones.map(({ number, relation }) => (relation ? `${number} ${relation}` : number)),
    ...rejected.map(({ code }) => code),
  ];
};

test.each<[rule: string, text: string, found: string[]]>([
  ['a mobile as it is', '15412345678', ['+8615412345678']],
  ['the lowest segment', '13000000000', ['+8613000000000']],
  ['12x is no mobile', '12000000000', ['phone_unreadable']],
  ['blanks inside', '154 1234 5678', ['+8615412345678']],
  ['dashes inside', '154-1234-5678', ['+8615412345678']],
  ['full-width digits', '１５４１２３４５６７８', ['+8615412345678']],
  ['+86', '+8615412345678', ['+8615412345678']],
  ['0086 with blanks', '0086 154 1234 5678', ['+8615412345678']],
  ['86 without plus', '8615412345678', ['+8615412345678']],
  ['trunk zero before a mobile', '015412345678', ['+8615412345678']],
  ['a landline with dash', '028-00012345', ['+862800012345']],
  ['a landline in brackets', '(0731)0001234', ['+867310001234']],
  ['a landline with +86', '+86 731 00012345', ['+8673100012345']],
  ['an extension is left out', '0731-00012345-801', ['+8673100012345']],
  ['two with a slash', '15412345678/0731-00012345', ['+8615412345678', '+8673100012345']],
  ['two with a blank', '15412345678 15487654321', ['+8615412345678', '+8615487654321']],
  ['two without anything', '1541234567815487654321', ['+8615412345678', '+8615487654321']],
  ['relation of the second', '15412345678、15487654321（父）', ['+8615412345678', '+8615487654321 father']],
  ['relation before the number', '母亲:15412345678', ['+8615412345678 mother']],
  ['the same twice', '15412345678/15412345678', ['+8615412345678']],
  ['text', '无', ['phone_none_word']],
  ['zeros', '00000000000', ['phone_none_word']],
  ['one digit short', '1541234567', ['phone_length']],
  ['one digit long', '154123456789', ['phone_length']],
  ['no area code, 7 digits', '0001234', ['phone_area_missing']],
  ['no area code, 8 digits', '00012345', ['phone_area_missing']],
  ['6 digits that are none', '123456', ['phone_unreadable']],
  ['empty', '', []],
])('%s', (_rule, text, found) => {
  expect(read(text)).toEqual(found);
});

test('the first source wins, a relation found later is filled in', () => {
  const { phones } = readPhones([
    { text: '15412345678', source: 'LXSJ', relation: null },
    { text: '15412345678(父)', source: 'LXDH', relation: null },
  ]);
  expect(phones).toEqual([{ number: '+8615412345678', kind: 'mobile', relation: 'father', source: 'LXSJ' }]);
});

test('a mask keeps three digits in front and two behind', () => {
  expect(maskPhoneText('1541234567')).toBe('154*****67');
});

test('a hostile field costs no time and yields no number', () => {
  const { phones } = readPhones([{ text: `${'1-'.repeat(50_000)}x`, source: 'LXDH', relation: null }]);
  expect(phones).toEqual([]);
});
