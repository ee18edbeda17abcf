import { carriedOfPerson, personBits } from './carried.rules.ts';
import type { Coded, Codes } from './code.rules.ts';
import { cellOf, indexFields, personFields, phoneFields } from './field.rules.ts';
import {
  checkCandidateNo,
  type Expected,
  maskIdText,
  maskNameText,
  maskNoText,
  readCandidateNo,
  readDate,
  readIdNumber,
  readName,
  readSex,
} from './identity.rules.ts';
import { maskPhoneText, type Phone, type PhoneField, type RejectedPhone, readPhones } from './phone.rules.ts';
import { isWide, rawReader } from './raw.rules.ts';
import { type Finding, type FindingCode, findingText } from './rules.ts';
import { isWord } from './word.rules.ts';

/** One data row as a reader hands it over: cells in column order, trimmed, decoded. */
export interface Row {
  /** 1-based, deleted rows counted. */
  number: number;
  cells: readonly string[];
  /** Columns (by index) in which bytes could not be decoded or a control character was replaced. */
  damaged?: readonly number[];
}

/** What a normaliser needs to know about the table the row is from. */
export interface RowContext {
  file: string;
  columns: readonly string[];
  codes: Codes;
  expected: Expected;
}

/** The record is null when the row is rejected (malformed candidate number). */
export interface ReadRow<T> {
  record: T | null;
  findings: readonly Finding[];
}

export interface PersonRecord {
  candidateNo: string;
  file: string;
  row: number;
  name: string;
  nameLost: boolean;
  sex: 'male' | 'female' | null;
  /** YYYY-MM-DD, YYYY-MM or YYYY. */
  birthDate: string | null;
  idNumber: string | null;
  idValid: boolean;
  examineeNo: string;
  nation: Coded | null;
  political: Coded | null;
  category: Coded | null;
  graduateKind: Coded | null;
  schoolCode: string;
  schoolName: string;
  districtCode: string;
  address: string;
  postcode: string;
  recipient: string;
  phones: Phone[];
  rejectedPhones: RejectedPhone[];
  /** Filled cells that no field of ours took, by column. */
  raw: Record<string, string>;
  /** Fields that the table has a column for (carried.rules.ts). */
  carried: number;
  /** True where the table has no column of persons but numbers: a narrow T_TDD read in place of a missing T_BMK, a list of phones. */
  bare: boolean;
}

const NONE: readonly number[] = [];

/** Collects the findings of one row after the other: one sink a table, started anew for each row. */
export function findingSink(context: RowContext): FindingSink {
  let row = 0;
  const sink: FindingSink = {
    findings: NO_FINDINGS,
    start: ({ number, damaged }) => {
      row = number;
      sink.findings = NO_FINDINGS;
      for (const index of damaged ?? NONE) sink.add('cell_undecodable', context.columns[index]);
    },
    add: (code, column, excerpt) => {
      const finding: Finding = { code, file: context.file, row, message: findingText[code] };
      if (column !== undefined) finding.column = column;
      if (excerpt !== undefined && excerpt !== '') finding.excerpt = excerpt.slice(0, EXCERPT_MAX);
      if (sink.findings.length === 0) sink.findings = [finding];
      else sink.findings = [...sink.findings, finding];
    },
  };
  return sink;
}

/** Most rows have none: they share one empty list. */
const NO_FINDINGS: readonly Finding[] = [];

const EXCERPT_MAX = 40;

export interface FindingSink {
  findings: readonly Finding[];
  start: (row: Row) => void;
  add: (code: FindingCode, column?: string, excerpt?: string) => void;
}

/** Rows of T_BMK, of the wide T_TDD, or of a spreadsheet. Compile once per table, call per row. */
export function personReader(context: RowContext): (row: Row) => ReadRow<PersonRecord> {
  const at = indexFields(personFields, context.columns);
  const phonesAt = Object.entries(phoneFields)
    .map(([source, field]) => ({
      source,
      relation: field.relation,
      index: context.columns.indexOf(source),
    }))
    .filter((field) => field.index >= 0);
  const readRaw = rawReader(context.columns, isWide(context.columns) ? 'person' : 'whole');
  const carried = carriedOfPerson(context.columns);
  const bare = (carried & ~personBits.candidateNo) === 0;
  const coded = codedReader(context, personFields);
  const sink = findingSink(context);
  return (row) => {
    const { cells } = row;
    sink.start(row);
    const candidateNo = candidateNoOf(cellOf(cells, at.candidateNo), context, sink);
    if (candidateNo === null) return { record: null, findings: sink.findings };
    const name = readName(cellOf(cells, at.name));
    reportName(name, cellOf(cells, at.name), sink);
    const identity = readIdentity(cells, at, sink);
    const fields: PhoneField[] = phonesAt.map(({ index, source, relation }) => ({
      text: cells[index] ?? '',
      source,
      relation,
    }));
    const { phones, rejected } = readPhones(fields);
    for (const { code, source, text } of rejected) sink.add(code, source, maskPhoneText(text));
    const record: PersonRecord = {
      candidateNo,
      file: context.file,
      row: row.number,
      name: name.name,
      nameLost: name.lost,
      ...identity,
      examineeNo: cellOf(cells, at.examineeNo),
      nation: coded(cells, 'nation', sink),
      political: coded(cells, 'political', sink),
      category: coded(cells, 'category', sink),
      graduateKind: coded(cells, 'graduateKind', sink),
      schoolCode: cellOf(cells, at.schoolCode),
      schoolName: cellOf(cells, at.schoolName),
      districtCode: cellOf(cells, at.districtCode),
      address: cellOf(cells, at.address),
      postcode: cellOf(cells, at.postcode),
      recipient: cellOf(cells, at.recipient),
      phones,
      rejectedPhones: rejected,
      raw: readRaw?.(cells) ?? {},
      carried,
      bare,
    };
    return { record, findings: sink.findings };
  };
}

/** Rejects a malformed number, warns of a foreign year or province. */
export function candidateNoOf(text: string, context: RowContext, sink: FindingSink): string | null {
  const candidateNo = readCandidateNo(text);
  if (candidateNo === null) {
    sink.add('bad_candidate_no', 'KSH', maskNoText(text));
    return null;
  }
  for (const code of checkCandidateNo(candidateNo, context.expected)) {
    sink.add(code, 'KSH', maskNoText(candidateNo));
  }
  return candidateNo;
}

function reportName(name: ReturnType<typeof readName>, text: string, sink: FindingSink): void {
  if (name.name === '') sink.add('name_missing', 'XM');
  else if (name.lost) sink.add('name_lost', 'XM', maskNameText(text));
  else if (name.blanks) sink.add('name_blanks', 'XM', maskNameText(text));
}

type PersonIndex = ReturnType<typeof indexFields<typeof personFields>>;
type Identity = Pick<PersonRecord, 'sex' | 'birthDate' | 'idNumber' | 'idValid'>;

function readIdentity(cells: readonly string[], at: PersonIndex, sink: FindingSink): Identity {
  const id = readIdNumber(cellOf(cells, at.idNumber));
  const birthText = cellOf(cells, at.birthDate);
  const birth = readDate(birthText);
  const sex = readSex(cellOf(cells, at.sex));
  if (at.idNumber.length > 0 && id.idNumber === null) sink.add('id_missing', 'SFZH');
  else if (id.idNumber !== null && !id.valid) sink.add('id_bad', 'SFZH', maskIdText(id.idNumber));
  if (birthText !== '' && birth.date === null) sink.add('birth_date_bad', 'CSRQ', birthText);
  else if (birth.date !== null && birth.precision !== 'day') sink.add('birth_date_partial', 'CSRQ');
  if (id.birthDate !== null && birth.date !== null && !id.birthDate.startsWith(birth.date)) {
    sink.add('id_birth_mismatch', 'SFZH');
  }
  if (id.sex !== null && sex !== null && id.sex !== sex) sink.add('id_sex_mismatch', 'SFZH');
  return { sex, birthDate: birth.date, idNumber: id.idNumber, idValid: id.valid };
}

/** Words for nation and party stay out of findings, which stand in clear (GB/T 45574). */
const SENSITIVE_TABLES: ReadonlySet<string> = new Set(['MZDM', 'ZZMMDM']);

/** Reads a coded field by our name; a code or a word its table lacks becomes a finding. */
export function codedReader<Fields extends Record<string, { columns: readonly string[]; codes?: string }>>(
  context: RowContext,
  fields: Fields,
): (cells: readonly string[], field: keyof Fields, sink: FindingSink) => Coded | null {
  const at = indexFields(fields, context.columns);
  return (cells, field, sink) => {
    const text = cellOf(cells, at[field]);
    if (text === '') return null;
    const table = fields[field]?.codes ?? '';
    const { coded, known } = context.codes.read(table, text);
    if (!known && isWord(text)) sink.add('word_unknown', table, SENSITIVE_TABLES.has(table) ? '' : text);
    else if (!known) sink.add('code_unknown', table, text);
    return coded;
  };
}
