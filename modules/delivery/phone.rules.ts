/** Numbers as they come in provincial files: two in one field, blanks, dashes, full-width digits, +86, text. */

import type { Relation } from '#candidate/rules';

export interface Phone {
  /** E.164, always +86. */
  number: string;
  kind: 'mobile' | 'landline';
  relation: Relation | null;
  /** The field of the delivery it was found in. */
  source: string;
}

export interface RejectedPhone {
  code: 'phone_none_word' | 'phone_length' | 'phone_area_missing' | 'phone_unreadable';
  /** The piece of text as it came, in clear: sensitive. */
  text: string;
  source: string;
}

export interface PhoneField {
  text: string;
  source: string;
  relation: Relation | null;
}

export interface PhoneList {
  phones: Phone[];
  rejected: RejectedPhone[];
}

/** Longer text in a phone field is cut before it is searched: nothing real is longer, and regular expressions stay fast. */
const PHONE_TEXT_MAX = 254;

const MOBILE = /^1[3-9]\d{9}$/;
/** 010 and 02x have three digits, the others four; then seven or eight digits not starting with 0 or 1, or the exchange 000. */
const LANDLINE = /^0(?:10|2\d|[3-9]\d{2})\d{7,8}$/;
const DASHED_LANDLINE = /^(0(?:10|2\d|[3-9]\d{2}))-(\d{7,8})$/;
const LOCAL = /^\d{7,8}$/;
const SEPARATORS = /[/\\、,;|\n\r\t]|或者?|和|及/;
const NONE_WORD = /^(?:无|没有|暂无|未填|不详|空|没|null|none|n\/a|[-.*_]+|0{1,12})$/i;

const relationWords: readonly [RegExp, Relation][] = [
  [/外?(?:祖父|祖母)|爷|奶|外公|外婆|姥/, 'grandparent'],
  [/父|爸/, 'father'],
  [/母|妈/, 'mother'],
  [/本人|考生|学生|自己/, 'self'],
  [/监护|家长/, 'guardian'],
  [/老师|班主任|教师/, 'teacher'],
  [/学校|校办/, 'school'],
  [/村委|村支|居委/, 'village'],
  [/邻居/, 'neighbour'],
  [/哥|姐|弟|妹|叔|伯|姑|舅|姨|亲戚|亲属/, 'relative'],
];

/** Full-width digits, letters and signs to their ASCII form; ideographic blank to blank. */
export function halfWidth(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replace(/\u3000|\u00a0/g, ' ')
    .replace(/[\u2010-\u2015\u2212]/g, '-');
}

/** All numbers of one candidate, each once: the first relation and source win. */
export function readPhones(fields: readonly PhoneField[]): PhoneList {
  const list: PhoneList = { phones: [], rejected: [] };
  for (const field of fields) {
    if (field.text === '') continue;
    if (MOBILE.test(field.text)) addPhone(list.phones, mobile(field.text, field));
    else if (DASHED_LANDLINE.test(field.text))
      addPhone(list.phones, landline(field.text.replace('-', ''), field));
    else readField(field, list);
  }
  return list;
}

/** Adds a number unless it is there already; a missing relation is filled in. */
export function addPhone(phones: Phone[], phone: Phone): void {
  const known = phones.find((other) => other.number === phone.number);
  if (!known) phones.push(phone);
  else if (known.relation === null) known.relation = phone.relation;
}

function readField(field: PhoneField, list: PhoneList): void {
  const text = halfWidth(field.text.slice(0, PHONE_TEXT_MAX)).trim();
  if (NONE_WORD.test(text)) {
    list.rejected.push({ code: 'phone_none_word', text: field.text, source: field.source });
    return;
  }
  for (const part of text.split(SEPARATORS)) readPart(part.trim(), field, list);
}

function readPart(part: string, field: PhoneField, list: PhoneList): void {
  if (part === '') return;
  const relation = relationOf(part) ?? field.relation;
  const bare = part
    .replace(/\((\d{3,4})\)/g, '$1-')
    .replace(/[^\d+\- ]/g, ' ')
    .trim();
  if (!/\d/.test(bare)) {
    if (relationOf(part) === null) {
      list.rejected.push({ code: 'phone_none_word', text: part, source: field.source });
    }
    return;
  }
  for (const digits of numbersIn(bare)) {
    const read = readNumber(digits, { ...field, relation });
    if ('number' in read) addPhone(list.phones, read);
    else list.rejected.push({ code: read.code, text: digits, source: field.source });
  }
}

const relationOf = (part: string): Relation | null =>
  /[\u4e00-\u9fff]/.test(part) ? (relationWords.find(([word]) => word.test(part))?.[1] ?? null) : null;

/** One number written with blanks or dashes, or several next to each other. */
function numbersIn(bare: string): string[] {
  const whole = stripPrefix(bare.replace(/[ -]/g, ''));
  if (isNumber(whole)) return [whole];
  const byBlank = bare.split(/ +/).map((piece) => stripPrefix(piece.replace(/-/g, '')));
  if (byBlank.length > 1 && byBlank.every((piece) => piece.length >= 7)) return byBlank;
  const byDash = bare.split(/[ -]+/).map(stripPrefix);
  if (byDash.length > 1 && byDash.every((piece) => isNumber(piece) || LOCAL.test(piece))) return byDash;
  const extension = /^(.*\d)-\d{1,5}$/.exec(bare.replace(/ /g, ''));
  const main = extension?.[1]?.replace(/-/g, '') ?? '';
  if (LANDLINE.test(main)) return [main];
  if (whole.length === 22 && MOBILE.test(whole.slice(0, 11)) && MOBILE.test(whole.slice(11))) {
    return [whole.slice(0, 11), whole.slice(11)];
  }
  return [whole];
}

const isNumber = (digits: string): boolean => MOBILE.test(digits) || LANDLINE.test(digits);

/** +86, 0086, 86 and the trunk zero before a mobile. A landline abroad-style (+86 731 …) gets its zero back. */
function stripPrefix(digits: string): string {
  const plain = digits.replace(/\+/g, '');
  const international = /^(?:00)?86(\d{9,12})$/.exec(plain)?.[1];
  if (international !== undefined) {
    if (isNumber(international)) return international;
    if (LANDLINE.test(`0${international}`)) return `0${international}`;
  }
  return /^01[3-9]\d{9}$/.test(plain) ? plain.slice(1) : plain;
}

function readNumber(digits: string, field: PhoneField): Phone | { code: RejectedPhone['code'] } {
  if (MOBILE.test(digits)) return mobile(digits, field);
  if (LANDLINE.test(digits)) return landline(digits, field);
  if (LOCAL.test(digits)) return { code: 'phone_area_missing' };
  return { code: /^1[3-9]\d{7,11}$/.test(digits) ? 'phone_length' : 'phone_unreadable' };
}

const mobile = (digits: string, field: PhoneField): Phone => ({
  number: `+86${digits}`,
  kind: 'mobile',
  relation: field.relation,
  source: field.source,
});

const landline = (digits: string, field: PhoneField): Phone => ({
  number: `+86${digits.slice(1)}`,
  kind: 'landline',
  relation: field.relation,
  source: field.source,
});

/** First three and last two digits stay: enough to find the place in the file, not to dial. */
export function maskPhoneText(text: string): string {
  let seen = 0;
  const total = text.replace(/[^\d\uff10-\uff19]/g, '').length;
  return text.slice(0, 40).replace(/[\d\uff10-\uff19]/g, (digit) => {
    seen += 1;
    return seen <= 3 || seen > total - 2 ? digit : '*';
  });
}
