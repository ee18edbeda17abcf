/** What a person means by what they typed into the search field: name, initials, candidate number, last four digits. */
export type SearchTerm =
  | { readonly kind: 'candidate_no'; readonly no: string }
  | { readonly kind: 'no_prefix'; readonly from: string; readonly until: string }
  /** Of a candidate number or of a telephone number. */
  | { readonly kind: 'tail'; readonly tail: string }
  /** A whole telephone number in normal form (+86…), found by its keyed hash. */
  | { readonly kind: 'phone'; readonly number: string }
  /** A whole ID number, found by its keyed hash. */
  | { readonly kind: 'id_number'; readonly idNumber: string }
  /** Characters at the beginning of a name. */
  | {
      readonly kind: 'name';
      readonly from: string;
      readonly until: string;
      /** Where names with any reading of the first character stand in the order of names. */
      readonly keys?: { readonly from: string; readonly until: string };
    }
  /** `zm` as initials, or `zhang m` as syllables. */
  | { readonly kind: 'sound'; readonly from: string; readonly until: string; readonly whole: boolean }
  | { readonly kind: 'nothing'; readonly hint: string };

const TEXT_MAX = 64;
const NO_LENGTH = 14;
const TAIL_LENGTH = 4;

/** Reads a search text; `nothing` carries the sentence that says what to type. */
export function readSearch(given: string): SearchTerm {
  const text = given.normalize('NFKC').trim().slice(0, TEXT_MAX);
  if (/^[1-9]\d{16}[\dXx]$/.test(text)) return { kind: 'id_number', idNumber: text.toUpperCase() };
  if (/^[+\d][\d\s-]*$/.test(text)) return readDigits(text.replace(/[\s-]/g, ''));
  if (/^[A-Za-z][A-Za-z\s]*$/.test(text)) return readSound(text.toLowerCase().replace(/\s+/g, ' '));
  if (/\p{Script=Han}/u.test(text)) return { kind: 'name', from: text, until: after(text) };
  return { kind: 'nothing', hint: '请输入姓名、拼音首字母、考生号或号码后四位。' };
}

function readDigits(text: string): SearchTerm {
  const digits = text.replace(/^\+86/, '');
  const phone = phoneNumber(digits);
  if (phone) return { kind: 'phone', number: phone };
  if (digits.length === NO_LENGTH) return { kind: 'candidate_no', no: digits };
  if (digits.length === TAIL_LENGTH) return { kind: 'tail', tail: digits };
  if (digits.length > TAIL_LENGTH && digits.length < NO_LENGTH)
    return { kind: 'no_prefix', from: digits, until: after(digits) };
  const hint =
    digits.length < TAIL_LENGTH
      ? `数字至少输入 ${TAIL_LENGTH} 位（号码后四位或考生号开头），现为 ${digits.length} 位。`
      : `考生号为 ${NO_LENGTH} 位，现为 ${digits.length} 位，请核对。`;
  return { kind: 'nothing', hint };
}

/** A number that cannot be the beginning of a candidate number: eleven digits from 13 on, or an area code with its zero. */
function phoneNumber(digits: string): string | null {
  if (/^1[3-9]\d{9}$/.test(digits)) return `+86${digits}`;
  return /^0\d{9,11}$/.test(digits) ? `+86${digits.slice(1)}` : null;
}

function readSound(text: string): SearchTerm {
  const whole = text.includes(' ') || text.length > 4;
  return { kind: 'sound', from: text, until: after(text), whole };
}

/** The text after all texts that begin with this one, by bytes of UTF-8. */
export function after(prefix: string): string {
  const characters = [...prefix];
  const last = characters.pop() ?? '';
  const code = last.codePointAt(0) ?? 0;
  // The surrogates are no characters: the one after U+D7FF is U+E000.
  return characters.join('') + String.fromCodePoint(code === 0xd7ff ? 0xe000 : code + 1);
}

/** Searches that whoever hears a number on the telephone makes: they reach beyond the own cases. */
export const namesOnePerson = ({ kind }: SearchTerm): boolean =>
  kind === 'candidate_no' || kind === 'tail' || kind === 'phone' || kind === 'id_number';
