import { halfWidth } from './phone.rules.ts';

/** Candidate numbers, names, ID numbers and dates as the files of the field write them. */

/** 14 digits; only year and province are the same everywhere, the rest differs by province (digits 5 to 14 are not judged). */
const CANDIDATE_NO = /^\d{14}$/;

/** GB/T 2260 province codes; 66 and 82 to 90 do not occur in candidate numbers. */
export const provinceCodes = [
  ...['11', '12', '13', '14', '15', '21', '22', '23', '31', '32', '33', '34', '35', '36', '37', '41', '42'],
  ...['43', '44', '45', '46', '50', '51', '52', '53', '54', '61', '62', '63', '64', '65', '71', '81', '82'],
] as const;

const provinces: ReadonlySet<string> = new Set(provinceCodes);

export interface Expected {
  /** Four digits, e.g. 2023. */
  year?: number;
  /** GB/T 2260, two digits, e.g. 51. */
  province?: string;
}

/** The 14 digits, or null when malformed. Full-width digits and a leading apostrophe are put right. */
export function readCandidateNo(text: string): string | null {
  if (CANDIDATE_NO.test(text)) return text;
  const plain = halfWidth(text).replace(/^['"=]+|['"]+$|\s/g, '');
  return CANDIDATE_NO.test(plain) ? plain : null;
}

/** Warnings only: other pages disagree about every digit, so nothing but the length rejects a row. */
export function checkCandidateNo(
  candidateNo: string,
  expected: Expected,
): ('candidate_no_year' | 'candidate_no_province')[] {
  const found: ('candidate_no_year' | 'candidate_no_province')[] = [];
  if (expected.year !== undefined && Number(candidateNo.slice(0, 2)) !== expected.year % 100) {
    found.push('candidate_no_year');
  }
  if (expected.province !== undefined && candidateNo.slice(2, 4) !== expected.province) {
    found.push('candidate_no_province');
  }
  return found;
}

/** Said once a candidate, of the row of the person: in every other table it would be the same doubt again. */
export const isNumberDoubt = (code: string): boolean =>
  code === 'candidate_no_year' || code === 'candidate_no_province';

export interface Name {
  name: string;
  lost: boolean;
  blanks: boolean;
}

const PLAIN_NAME = /^[\u4e00-\u9fff]*$/;

/** GBK loses rare characters: `?`, `??` or U+FFFD marks one. Blanks between Chinese characters are removed. */
export function readName(text: string): Name {
  if (PLAIN_NAME.test(text)) return { name: text, lost: false, blanks: false };
  const half = halfWidth(text).trim();
  const lost = /[?\ufffd]/.test(half);
  const spaced = half.replace(/[•・‧∙⋅･.．](?=[\u3400-\u9fff\u{20000}-\u{3ffff}])/gu, '·');
  const name = /[A-Za-z]/.test(spaced) ? spaced.replace(/\s+/g, ' ') : spaced.replace(/\s+/g, '');
  return { name, lost, blanks: /\s/.test(half) };
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECK_DIGITS = '10X98765432';

export interface IdNumber {
  /** As delivered, upper case, blanks removed; null when the field is empty. */
  idNumber: string | null;
  valid: boolean;
  /** YYYY-MM-DD and sex as the number states them; only when valid. */
  birthDate: string | null;
  sex: 'male' | 'female' | null;
}

/** GB 11643; also residence permits (81, 82, 83) and the permanent residence card for foreigners (first digit 9). */
export function readIdNumber(text: string): IdNumber {
  const plain = /^\d{17}[\dX]$/.test(text)
    ? text
    : halfWidth(text)
        .replace(/[\s'-]/g, '')
        .toUpperCase();
  if (plain === '') return { idNumber: null, valid: false, birthDate: null, sex: null };
  if (!isIdNumber(plain)) return { idNumber: plain, valid: false, birthDate: null, sex: null };
  return {
    idNumber: plain,
    valid: true,
    birthDate: `${plain.slice(6, 10)}-${plain.slice(10, 12)}-${plain.slice(12, 14)}`,
    sex: (plain.charCodeAt(16) - 48) % 2 === 1 ? 'male' : 'female',
  };
}

/** Shape, date and check digit. The region itself is not judged: withdrawn codes stay in use for life. */
export function isIdNumber(plain: string): boolean {
  if (!/^[1-9]\d{16}[\dX]$/.test(plain)) return false;
  const province = plain.slice(0, 2);
  const permit = ['81', '82', '83'].includes(province) || plain.startsWith('9');
  if (!permit && !provinces.has(province)) return false;
  if (!isDay(Number(plain.slice(6, 10)), Number(plain.slice(10, 12)), Number(plain.slice(12, 14))))
    return false;
  let sum = 0;
  for (let place = 0; place < 17; place += 1) sum += (plain.charCodeAt(place) - 48) * (WEIGHTS[place] ?? 0);
  return CHECK_DIGITS[sum % 11] === plain[17];
}

const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

function isDay(year: number, month: number, day: number): boolean {
  if (year < 1880 || year > 2099 || month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 && !leap ? 28 : (MONTH_DAYS[month - 1] ?? 0));
}

export interface PartialDate {
  /** YYYY-MM-DD, YYYY-MM or YYYY: as precise as known; null when empty or not understood. */
  date: string | null;
  precision: 'day' | 'month' | 'year' | 'none';
}

const NO_DATE: PartialDate = { date: null, precision: 'none' };

/** YYYYMMDD, YYYYMM, YYYY, 2005-3-1, 2005/3/1, 2005.3, 2005年3月1日, and a spreadsheet's day number. */
export function readDate(text: string): PartialDate {
  if (FULL_DATE.test(text)) return fullDate(text);
  const plain = halfWidth(text.slice(0, 40)).trim();
  const packed = /^(\d{4})(\d{2})?(\d{2})?$/.exec(plain);
  if (packed) return dateOf(packed[1], packed[2], packed[3]);
  const written = /^(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})?日?)?(?:[ T][\d:.]*Z?)?$/.exec(plain);
  if (written) return dateOf(written[1], written[2], written[3]);
  return /^\d{5}$/.test(plain) ? serialDate(Number(plain)) : NO_DATE;
}

const FULL_DATE = /^\d{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/;

/** Nearly every date of a delivery: eight digits. */
function fullDate(text: string): PartialDate {
  const [year, month, day] = [text.slice(0, 4), text.slice(4, 6), text.slice(6, 8)];
  if (!isDay(Number(year), Number(month), Number(day))) return NO_DATE;
  return { date: `${year}-${month}-${day}`, precision: 'day' };
}

function dateOf(yearText = '', monthText = '00', dayText = '00'): PartialDate {
  const [year, month, day] = [Number(yearText), Number(monthText), Number(dayText)];
  if (!isDay(year, month || 1, day || 1) || (month === 0 && day > 0)) return NO_DATE;
  const two = (value: number): string => String(value).padStart(2, '0');
  if (month === 0) return { date: yearText, precision: 'year' };
  if (day === 0) return { date: `${yearText}-${two(month)}`, precision: 'month' };
  return { date: `${yearText}-${two(month)}-${two(day)}`, precision: 'day' };
}

/** Day 1 is 1900-01-01 and the format believes in 1900-02-29; 20000 to 60000 is 1954 to 2064. */
function serialDate(serial: number): PartialDate {
  if (serial < 20_000 || serial > 60_000) return NO_DATE;
  const date = new Date(Date.UTC(1899, 11, 30) + serial * 86_400_000).toISOString().slice(0, 10);
  return { date, precision: 'day' };
}

/** GB/T 2261.1; the files write 1 and 2, spreadsheets 男 and 女. */
export function readSex(text: string): 'male' | 'female' | null {
  if (text === '1' || text === '男' || text === '01' || text === '男性') return 'male';
  return text === '2' || text === '女' || text === '02' || text === '女性' ? 'female' : null;
}

/** First four and last two characters stay. */
export const maskIdText = (text: string): string =>
  text.length <= 6 ? text.replace(/./g, '*') : `${text.slice(0, 4)}********${text.slice(-2)}`;

/** 考生号 in a finding: the middle is masked, the row number finds it. */
export const maskNoText = (text: string): string =>
  text.length < 10 ? text.slice(0, 20) : `${text.slice(0, 6)}****${text.slice(-4)}`.slice(0, 24);

const TAIL = 4;
/** Whose row it is, for somebody who has the file. */
export const tailText = (candidateNo: string): string => `考生号尾号 ${candidateNo.slice(-TAIL)}`;

/** The family name stays. */
export const maskNameText = (text: string): string => {
  const plain = text.trim();
  return plain === '' ? '' : `${[...plain][0]}${plain.includes('?') ? '?' : '*'}`;
};
