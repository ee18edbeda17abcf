import {
  type DetailRecord,
  detailReader,
  type PlanRecord,
  type PreferenceRecord,
  planReader,
  preferenceReader,
  type ScoreRecord,
  scoreReader,
} from './detail.rules.ts';
import { type CandidateIndex, candidateIndex, candidateMarks, type Sighting } from './duplicate.rules.ts';
import type { ReadFigures } from './figures.rules.ts';
import { type FilingRecord, filingReader } from './filing.rules.ts';
import { type Expected, isNumberDoubt, tailText } from './identity.rules.ts';
import type { Delivery, DeliveryTable } from './read/open.ts';
import { type PersonRecord, personReader, type ReadRow, type Row, type RowContext } from './record.rules.ts';
import { type Finding, type FindingCode, findingText } from './rules.ts';
import type { SurveySink } from './survey-sink.ts';

/** The figures of a delivery before anything is stored: what the preview shows and the import report continues. */
export interface DeliverySurvey extends ReadFigures {
  files: FileFigures[];
  photos: number;
}

export interface FileFigures {
  file: string;
  kind: DeliveryTable['kind'];
  encoding: string;
  rows: number;
  deletedRows: number;
  rejected: number;
}

interface Work {
  delivery: Delivery;
  expected: Expected;
  sink: SurveySink;
  survey: DeliverySurvey;
  index: CandidateIndex;
  rowsRead: number;
}

/** Reads a whole delivery once, streaming. Throws DeliveryFault (see `catchFault`). */
export async function surveyDelivery(
  delivery: Delivery,
  expected: Expected = {},
  sink: SurveySink = {},
): Promise<DeliverySurvey> {
  const primary = primaryTables(delivery);
  const rows = primary.reduce((sum, table) => sum + (table.rows ?? 0), 0);
  const work: Work = {
    delivery,
    expected,
    sink,
    survey: emptySurvey(),
    index: candidateIndex(rows),
    rowsRead: 0,
  };
  for (const { code, file, detail, message } of delivery.notes) {
    report(work, { code, file, row: 0, message, ...(detail !== '' && { excerpt: detail }) });
  }
  for (const table of primary) await readCandidates(table, work);
  for (const table of delivery.tables) {
    if (table.kind === 'filing' && !primary.includes(table)) await readFilings(table, work);
  }
  for (const table of delivery.tables) await readDetails(table, work);
  countPhotos(work);
  closeFigures(work, primary);
  return work.survey;
}

/** T_BMK where there is one, else the wide T_TDD, else the narrow one. */
export function primaryTables(delivery: Delivery): DeliveryTable[] {
  for (const kind of ['person', 'wide', 'filing'] as const) {
    const tables = delivery.tables.filter((table) => table.kind === kind);
    if (tables.length === 0) continue;
    return kind === 'filing'
      ? tables
      : delivery.tables.filter((t) => t.kind === 'person' || t.kind === 'wide');
  }
  return [];
}

const emptySurvey = (): DeliverySurvey => ({
  ...{ rows: 0, deletedRows: 0, candidates: 0, merged: 0, conflicts: 0, rejected: 0 },
  ...{ locked: 0, noPhone: 0, namesLost: 0, badId: 0, photos: 0 },
  findings: {},
  files: [],
});

function report(work: Work, finding: Finding): void {
  work.survey.findings[finding.code] = (work.survey.findings[finding.code] ?? 0) + 1;
  work.sink.finding?.(finding);
}

function reportAt(work: Work, code: FindingCode, place: { file: string; row: number }, excerpt = ''): void {
  const { file, row } = place;
  const said = excerpt === '' ? {} : { excerpt };
  report(work, { code, file, row, column: 'KSH', message: findingText[code], ...said });
}

/** Where a repeated candidate stood first, so that both rows can be laid side by side; with several files of one kind a row says nothing. */
function firstSeen(work: Work, given: { candidateNo: string; file: string }, first: number): string {
  const tail = tailText(given.candidateNo);
  const { tables } = work.delivery;
  const own = tables.find(({ file }) => file === given.file)?.kind;
  return tables.filter(({ kind }) => kind === own).length > 1 ? tail : `${tail}，先见于第 ${first} 行`;
}

export const contextOf = (delivery: Delivery, table: DeliveryTable, expected: Expected): RowContext => ({
  file: table.file,
  columns: table.columns,
  codes: delivery.codes,
  expected,
});

/** Streams the rows of a table and keeps its figures; `take` returns false when the row is rejected. */
async function readTable(
  table: DeliveryTable,
  work: Work,
  take: (row: Row) => boolean,
): Promise<FileFigures> {
  const { file, kind, encoding } = table;
  const figures: FileFigures = { file, kind, encoding, rows: 0, deletedRows: 0, rejected: 0 };
  for await (const batch of table.batches()) {
    figures.rows += batch.rows.length + batch.deletedRows;
    figures.deletedRows += batch.deletedRows;
    for (const row of batch.rows) if (!take(row)) figures.rejected += 1;
    work.rowsRead += batch.rows.length + batch.deletedRows;
    await work.sink.drain?.(work.rowsRead);
  }
  work.survey.files.push(figures);
  return figures;
}

async function readCandidates(table: DeliveryTable, work: Work): Promise<void> {
  const context = contextOf(work.delivery, table, work.expected);
  const readPerson = personReader(context);
  const readFiling = table.kind === 'person' ? null : filingReader(context);
  const figures = await readTable(table, work, (row) => {
    const { record, findings } = readPerson(row);
    for (const finding of findings) report(work, finding);
    if (record === null) return false;
    const seen = takePerson(record, row, work);
    let wide: FilingRecord | null = null;
    if (readFiling) {
      const filing = readFiling(row);
      for (const finding of filing.findings) if (!isShared(finding.code)) report(work, finding);
      if (filing.record) takeWideFiling(filing.record, seen, work);
      wide = filing.record;
    }
    work.sink.person?.(work.index.numberOf(seen.place), record, seen.sighting, wide);
    return true;
  });
  work.survey.rows += figures.rows;
  work.survey.deletedRows += figures.deletedRows;
  work.survey.rejected += figures.rejected;
}

/** The wide row is read twice; what both readings say is reported once. */
const isShared = (code: FindingCode): boolean => code === 'cell_undecodable' || isNumberDoubt(code);

function takePerson(person: PersonRecord, row: Row, work: Work): Seen {
  const { index, survey } = work;
  const seen = index.see(person.candidateNo, candidateMarks.person, row.cells, person.row);
  const { sighting, place } = seen;
  if (person.phones.length > 0) index.mark(place, candidateMarks.phone);
  if (sighting === 'new') {
    if (person.nameLost) survey.namesLost += 1;
    if (person.idNumber !== null && !person.idValid) survey.badId += 1;
  } else {
    survey.merged += 1;
    if (sighting === 'conflict') survey.conflicts += 1;
    const code = sighting === 'equal' ? 'candidate_repeated' : 'candidate_conflict';
    reportAt(work, code, person, firstSeen(work, person, seen.first));
  }
  return { sighting, place };
}

interface Seen {
  sighting: Sighting;
  place: number;
}

/** The row was judged as a person's already. */
function takeWideFiling(filing: FilingRecord, { sighting, place }: Seen, work: Work): void {
  work.index.mark(place, candidateMarks.filing);
  if (sighting === 'new' && filing.locked) work.survey.locked += 1;
}

async function readFilings(table: DeliveryTable, work: Work): Promise<void> {
  const read = filingReader(contextOf(work.delivery, table, work.expected));
  await readTable(table, work, (row) => {
    const { record, findings } = read(row);
    for (const finding of findings) if (!isNumberDoubt(finding.code)) report(work, finding);
    if (record) takeFiling(record, row, work);
    return record !== null;
  });
}

function takeFiling(filing: FilingRecord, row: Row, work: Work): void {
  const { candidateNo } = filing;
  const { sighting, place, first } = work.index.see(
    candidateNo,
    candidateMarks.filing,
    row.cells,
    filing.row,
  );
  if (sighting === 'new' && filing.locked) work.survey.locked += 1;
  if (sighting !== 'new') {
    const code = sighting === 'equal' ? 'filing_repeated' : 'filing_conflict';
    reportAt(work, code, filing, firstSeen(work, filing, first));
  }
  if ((work.index.marksOf(place) & candidateMarks.person) === 0) {
    reportAt(work, 'filing_without_person', filing);
  }
  const n = work.index.numberOf(place);
  if (n > 0) work.sink.filing?.(n, filing, sighting);
}

type DetailKind = 'preference' | 'score' | 'plan' | 'medical' | 'resume' | 'other';
type DetailReader = (context: RowContext) => (row: Row) => ReadRow<object>;

const detailReaders: Readonly<Record<DetailKind, DetailReader>> = {
  preference: preferenceReader,
  score: scoreReader,
  plan: planReader,
  medical: detailReader,
  resume: detailReader,
  other: detailReader,
};

/** A table nobody knows is kept row by row where it names candidates. */
const detailKindOf = ({ kind, columns }: DeliveryTable): string =>
  kind === 'unknown' && columns.includes('KSH') ? 'other' : kind;

async function readDetails(table: DeliveryTable, work: Work): Promise<void> {
  const kind = detailKindOf(table);
  if (!(kind in detailReaders)) {
    if (table.kind === 'code' || table.kind === 'unknown') await readTable(table, work, () => true);
    return;
  }
  const read = detailReaders[kind as DetailKind](contextOf(work.delivery, table, work.expected));
  await readTable(table, work, (row) => {
    const { record, findings } = read(row);
    for (const finding of findings) if (!isNumberDoubt(finding.code)) report(work, finding);
    if (record === null) return false;
    const n = 'candidateNo' in record ? numberOf(work, String(record.candidateNo)) : 0;
    if (n === null) reportAt(work, 'detail_without_candidate', { file: table.file, row: row.number });
    else passDetail(n, kind as DetailKind, record, work.sink);
    return true;
  });
}

/** Null when the delivery does not know the candidate, 0 when it has no row of persons. */
function numberOf({ index }: Work, candidateNo: string): number | null {
  const place = index.find(candidateNo);
  return place === 0 ? null : index.numberOf(place);
}

/** The kind says what its reader made. */
function passDetail(n: number, kind: DetailKind, record: object, sink: SurveySink): void {
  if (kind === 'plan') sink.plan?.(record as PlanRecord);
  else if (n === 0) return;
  else if (kind === 'preference') sink.preference?.(n, record as PreferenceRecord);
  else if (kind === 'score') sink.score?.(n, record as ScoreRecord);
  else sink.detail?.(n, record as DetailRecord, kind);
}

function countPhotos(work: Work): void {
  for (const photo of work.delivery.photos) {
    const place = { file: photo.file, row: 0 };
    if (photo.candidateNo === null) reportAt(work, 'photo_name_bad', place);
    else {
      const n = numberOf(work, photo.candidateNo);
      if (n === null) reportAt(work, 'photo_without_candidate', place);
      else work.survey.photos += 1;
      if (n) work.sink.photo?.(n, photo);
    }
  }
}

function closeFigures(work: Work, primary: readonly DeliveryTable[]): void {
  const { survey, index } = work;
  const hasFilings = work.delivery.tables.some((table) => table.kind === 'filing' || table.kind === 'wide');
  const file = primary[0]?.file ?? '';
  for (const { candidateNo, marks, row } of index.marks()) {
    if ((marks & candidateMarks.person) === 0) continue;
    survey.candidates += 1;
    if ((marks & candidateMarks.phone) === 0) survey.noPhone += 1;
    if (hasFilings && (marks & candidateMarks.filing) === 0) {
      // With several tables of persons the row alone would lead to a wrong one.
      const place = { file, row: primary.length === 1 ? row : 0 };
      reportAt(work, 'person_without_filing', place, tailText(candidateNo));
    }
  }
}
