import type { Coded } from './code.rules.ts';
import type { ScoreRecord } from './detail.rules.ts';
import { isHealthField, keptFields } from './field.rules.ts';
import { type FilingRecord, scoreValue } from './filing.rules.ts';
import type { PersonRecord } from './record.rules.ts';

/**
 * What of a record is stored where: personal text sealed as one JSON, codes in clear, and the content by which a later
 * delivery is told unchanged. Files of the field: docs/decisions/imports.md.
 */
export interface PersonPart {
  /** JSON of everything that identifies or locates a person, and of nation and party, which GB/T 45574 counts as sensitive; empty fields left out. */
  sealed: string;
  codes: string;
  content: string;
}

export function personPart(record: PersonRecord): PersonPart {
  const { idNumber, address, postcode, recipient, examineeNo, nation, political, raw } = record;
  const sealed = JSON.stringify({
    ...(idNumber !== null && { idNumber }),
    ...(address !== '' && { address }),
    ...(postcode !== '' && { postcode }),
    ...(recipient !== '' && { recipient }),
    ...(examineeNo !== '' && { examineeNo }),
    ...(nation !== null && { nation }),
    ...(political !== null && { political }),
    ...(hasKeys(raw) && { raw }),
  });
  const codes = JSON.stringify(
    filled({
      candidateKind: record.category,
      graduateKind: record.graduateKind,
    }),
  );
  const phones = record.phones.map(({ number, relation }) => `${number}${relation ?? ''}`).join(',');
  const plain = `${record.name}|${record.sex}|${record.birthDate}|${record.schoolCode}|${record.schoolName}|${record.districtCode}`;
  return { sealed, codes, content: `person|${plain}|${codes}|${phones}|${sealed}` };
}

export interface FilingPart {
  codes: string;
  /** Known administrative fields, kept as they came. */
  raw: string;
  scores: string;
  preferences: string;
  content: string;
}

export function filingPart(filing: FilingRecord): FilingPart {
  const codes = JSON.stringify({
    ...filled({
      batch: filing.batch,
      planNature: filing.planNature,
      planKind: filing.planKind,
      filingType: filing.filingType,
      returnReason: filing.returnReason,
      // Code and name have columns of their own; the word they were read from has none.
      subjectGroup: filing.subjectGroup?.raw === undefined ? null : filing.subjectGroup,
    }),
    ...(filing.unit !== '' && { unit: filing.unit }),
    ...(filing.qualifyingScore !== null && { qualifyingScore: filing.qualifyingScore }),
  });
  const raw = JSON.stringify(
    Object.fromEntries(
      Object.entries(filing.raw).filter(([column]) => keptFields.has(column) && !isHealthField(column)),
    ),
  );
  const scores = scoresText(filing);
  const preferences = JSON.stringify(filing.preferences);
  const marks = `${filing.score}|${filing.filingScore}|${filing.preferenceRank}|${filing.filedMajor}|${filing.admittedMajor}|${filing.state}|${filing.adjust}`;
  const group = `${filing.subjectGroup?.code}|${filing.subjectGroup?.name}|${filing.remark}`;
  const all = hasKeys(filing.raw) ? JSON.stringify(filing.raw) : '';
  return {
    codes,
    raw,
    scores,
    preferences,
    content: `filing|${marks}|${group}|${codes}|${all}|${scores}|${preferences}`,
  };
}

/** What of a filing goes to no column, sealed: its remark, its words on health, and fields nobody knows. */
export function filingRemainder({ remark, raw }: FilingRecord): Record<string, string> | null {
  const unknown = Object.entries(raw).filter(([column]) => !keptFields.has(column) || isHealthField(column));
  if (remark === '' && unknown.length === 0) return null;
  return { ...Object.fromEntries(unknown), ...(remark !== '' && { BZ: remark }) };
}

function scoresText({ scores }: FilingRecord): string {
  const figures: Record<string, number | string> = {};
  for (const { name, value } of scores) figures[name] = scoreValue(value);
  return JSON.stringify(figures);
}

const hasKeys = (object: object): boolean => {
  for (const _key in object) return true;
  return false;
};

function filled(fields: Record<string, Coded | null>): Record<string, Coded> {
  const found: Record<string, Coded> = {};
  for (const key in fields) {
    const coded = fields[key];
    if (coded) found[key] = coded;
  }
  return found;
}

const kinds: Readonly<Record<string, string>> = { '0': '（选考）', '1': '（学考）' };

/** 物理（选考）: a subject may be examined twice. CJLX 0 选考, 1 学考, 2 高考. */
export const scoreName = ({ name, kind }: Pick<ScoreRecord, 'name' | 'kind'>): string =>
  `${name === '' ? '未注明科目' : name}${kinds[kind] ?? ''}`;

const ADULT_YEARS = 18;

/** First day as an adult, YYYY-MM-DD. When month or day are missing, the latest possible day: in doubt the rules for minors hold. */
export function eighteenthBirthday(birthDate: string | null): string | null {
  if (birthDate === null) return null;
  const [year = 0, month = 12, day] = birthDate.split('-').map(Number);
  const adult = year + ADULT_YEARS;
  const last = new Date(Date.UTC(adult, month, 0)).getUTCDate();
  const two = (value: number): string => String(value).padStart(2, '0');
  // Born on 29 February: of age on 1 March where the year has none.
  if (day !== undefined && day > last) return `${adult}-03-01`;
  return `${adult}-${two(month)}-${two(day ?? last)}`;
}
