import { nameKeys } from '#candidate';
import { areaCodeOf, maskIdNumber, maskPhone, nationalNumber } from '#candidate/rules';
import type { Vault } from '#platform/crypto/vault';
import { type Copy, copyBytes, copyText } from '#platform/db/copy';
import type { DetailRecord, PlanRecord, PreferenceRecord, ScoreRecord } from './detail.rules.ts';
import type { FilingRecord } from './filing.rules.ts';
import { eighteenthBirthday, filingPart, filingRemainder, personPart, scoreName } from './part.rules.ts';
import type { Phone } from './phone.rules.ts';
import type { Photo } from './read/photo.ts';
import type { PersonRecord } from './record.rules.ts';
import { type Finding, type FindingCode, severityOf } from './rules.ts';
import { type StagingTable, stagingColumns } from './staging.store.ts';
import type { SurveySink } from './survey.ts';

export interface Stager extends SurveySink {
  /** Sends what is left; to be called when everything was read. */
  finish(): Promise<void>;
  /** Waits until nothing is on its way, so that another COPY may run. */
  flush(): Promise<void>;
  readonly plans: readonly PlanRecord[];
  readonly photos: readonly Photo[];
}

const FLUSH_BYTES = 2_000_000;
/** Findings kept row by row for each code; the counts stay exact. */
export const FINDINGS_PER_CODE_MAX = 20_000;
const PLANS_MAX = 50_000;
const NULL = '\\N';

/** Turns records into COPY text, sealed and hashed. One COPY runs while the next rows are read. */
export function makeStager(vault: Vault, copy: Copy, areas: AreaPrefixes): Stager {
  const out = makeOutlet(copy);
  const rows = rowWriter({ vault, areas }, out);
  const parts = partWriter(out);
  const findings = findingWriter(out);
  const plans: PlanRecord[] = [];
  const photos: Photo[] = [];
  let details = 0;
  const detail = (kind: string, candidateNo: string, values: object): void => {
    details += 1;
    const sealed = copyBytes(vault.seal(JSON.stringify(values)));
    out.put('staged_detail', `${details}\t${kind}\t${candidateNo}\t${sealed}\n`);
  };
  const remark = (filing: FilingRecord): void => {
    const remainder = filingRemainder(filing);
    if (remainder) detail('filing', filing.candidateNo, remainder);
  };
  return {
    plans,
    photos,
    finding: findings,
    person: (record, sighting, filing) => {
      rows.person(record, sighting, filing);
      if (sighting === 'new' && filing) remark(filing);
    },
    filing: (record, sighting) => {
      if (sighting !== 'new') return;
      rows.filing(record);
      remark(record);
    },
    preference: parts.preference,
    score: parts.score,
    plan: (record) => {
      if (plans.length < PLANS_MAX) plans.push(record);
    },
    detail: ({ candidateNo, file, values }: DetailRecord, kind) =>
      detail(kind, candidateNo, kind === 'other' ? { file, values } : values),
    photo: (photo) => {
      photos.push(photo);
    },
    drain: () => out.drain(),
    flush: () => out.finish(),
    finish: async () => {
      parts.close();
      await out.finish();
    },
  };
}

interface Outlet {
  put(table: StagingTable, line: string): void;
  drain(): Promise<void>;
  finish(): Promise<void>;
}

function makeOutlet(copy: Copy): Outlet {
  const waiting = new Map<StagingTable, string[]>();
  let size = 0;
  let sending: Promise<void> = Promise.resolve();
  const send = async (batch: [StagingTable, string[]][]): Promise<void> => {
    for (const [table, lines] of batch) {
      await copy(table, stagingColumns(table), Buffer.from(lines.join('')));
    }
  };
  const flush = async (): Promise<void> => {
    await sending;
    sending = send([...waiting]);
    // The fault is thrown where it is awaited; until then it must not end the process.
    sending.catch(() => undefined);
    waiting.clear();
    size = 0;
  };
  return {
    put: (table, line) => {
      const lines = waiting.get(table);
      if (lines) lines.push(line);
      else waiting.set(table, [line]);
      size += line.length;
    },
    drain: async () => {
      if (size >= FLUSH_BYTES) await flush();
    },
    finish: async () => {
      await flush();
      await sending;
    },
  };
}

/** Mobile prefixes of the tenant with their area code. */
export type AreaPrefixes = ReadonlyMap<string, string>;

interface Sealing {
  vault: Vault;
  areas: AreaPrefixes;
}

/** The longest known prefix of 7 to 3 digits. */
function areaOf(areas: AreaPrefixes, national: string): string | null {
  if (areas.size === 0) return null;
  for (let length = 7; length >= 3; length -= 1) {
    const area = areas.get(national.slice(0, length));
    if (area !== undefined) return area;
  }
  return null;
}

interface RowWriter {
  person(record: PersonRecord, sighting: string, filing: FilingRecord | null): void;
  filing(record: FilingRecord): void;
}

function rowWriter({ vault, areas }: Sealing, out: Outlet): RowWriter {
  const hash = (text: string): string => vault.blind(text).toString('hex', 0, 8);
  let n = 0;
  const phones = (record: PersonRecord, extra: boolean): void => {
    record.phones.forEach((phone, index) => {
      out.put(
        'staged_phone',
        phoneLine({ vault, areas }, record.candidateNo, phone, { position: index + 1, extra }),
      );
    });
  };
  return {
    person: (record, sighting, filing) => {
      if (sighting === 'equal') return;
      phones(record, sighting === 'conflict');
      if (sighting === 'conflict') return;
      n += 1;
      const filed = filing ? filingLine(filing, hash, true) : EMPTY_FILING;
      out.put('staged_row', `${n}\t${record.candidateNo}\t${personLine(record, vault, hash)}\t${filed}\n`);
    },
    filing: (record) => {
      out.put('staged_filing', `${record.candidateNo}\t${filingLine(record, hash, false)}\n`);
    },
  };
}

const flag = (value: boolean | null): string => (value === null ? NULL : value ? 't' : 'f');

function personLine(record: PersonRecord, vault: Vault, hash: (text: string) => string): string {
  const { sealed, codes, content } = personPart(record);
  const { key, initials } = nameKeys(record.name);
  const { idNumber } = record;
  return [
    // A filing without a table of persons says nothing about the person: what is known stays.
    record.bare ? NULL : hash(content),
    copyText(record.name),
    copyText(key),
    initials,
    record.sex ?? NULL,
    record.birthDate ?? NULL,
    eighteenthBirthday(record.birthDate) ?? NULL,
    copyBytes(idNumber === null ? null : vault.blind(idNumber)),
    idNumber === null ? NULL : copyText(maskIdNumber(idNumber)),
    copyBytes(vault.seal(sealed)),
    orNull(record.schoolCode),
    orNull(record.schoolName),
    orNull(record.districtCode),
    copyText(codes),
    flag(record.nameLost),
    flag(idNumber !== null && !record.idValid),
    flag(record.phones.length > 0),
  ].join('\t');
}

const orNull = (text: string): string => (text === '' ? NULL : copyText(text));

const EMPTY_FILING = Array.from({ length: 15 }, () => NULL).join('\t');

/** The wide form carries scores and preferences on the row; beside other tables they come in parts. */
function filingLine(filing: FilingRecord, hash: (text: string) => string, wide: boolean): string {
  const { codes, raw, scores, preferences, content } = filingPart(filing);
  return [
    hash(content),
    orNull(filing.subjectGroup?.code ?? ''),
    orNull(filing.subjectGroup?.name ?? filing.subjectGroup?.code ?? ''),
    orNull(filing.filedMajor || filing.admittedMajor || (filing.preferences[0]?.major ?? '')),
    filing.score ?? NULL,
    filing.filingScore ?? NULL,
    filing.preferenceRank === null || filing.preferenceRank > 32_767 ? NULL : String(filing.preferenceRank),
    flag(filing.adjust),
    orNull(filing.state),
    orNull(filing.admittedMajor),
    orNull(filing.returnReason?.name ?? filing.returnReason?.code ?? ''),
    copyText(codes),
    copyText(raw),
    wide && filing.scores.length > 0 ? copyText(scores) : NULL,
    wide && filing.preferences.length > 0 ? copyText(preferences) : NULL,
  ].join('\t');
}

function phoneLine(
  { vault, areas }: Sealing,
  candidateNo: string,
  phone: Phone,
  { position, extra }: { position: number; extra: boolean },
): string {
  const { number, kind, relation, source } = phone;
  const secret = `${copyBytes(vault.blind(number))}\t${copyBytes(vault.seal(number))}\t${maskPhone(number)}`;
  const area = areaCodeOf(number) ?? areaOf(areas, nationalNumber(number)) ?? NULL;
  return `${candidateNo}\t${secret}\t${kind}\t${area}\t${relation ?? 'unknown'}\t档案 ${source}\t${position}\t${flag(extra)}\n`;
}

/** Preferences and scores: runs of rows of one candidate become one line. */
function partWriter(out: Outlet) {
  let n = 0;
  const runs = { preferences: openRun(), scores: openRun() };
  const close = (kind: 'preferences' | 'scores'): void => {
    const run = runs[kind];
    if (run.fields.length === 0) return;
    n += 1;
    const text = kind === 'preferences' ? `[${run.fields.join(',')}]` : `{${run.fields.join(',')}}`;
    out.put('staged_part', `${n}\t${kind}\t${run.candidateNo}\t${copyText(text)}\n`);
    run.fields = [];
  };
  const add = (kind: 'preferences' | 'scores', candidateNo: string, field: string): void => {
    const run = runs[kind];
    if (run.candidateNo !== candidateNo) {
      close(kind);
      run.candidateNo = candidateNo;
    }
    run.fields.push(field);
  };
  return {
    preference: ({ candidateNo, rank, unit, major }: PreferenceRecord): void =>
      add('preferences', candidateNo, JSON.stringify({ rank, unit, major })),
    score: (record: ScoreRecord): void => {
      const value = record.value === '' ? record.graded : record.value;
      const figure = value === null || value === '' ? 'null' : String(Number(value));
      add('scores', record.candidateNo, `${JSON.stringify(scoreName(record))}:${figure}`);
    },
    close: (): void => {
      close('preferences');
      close('scores');
    },
  };
}

const openRun = (): { candidateNo: string; fields: string[] } => ({ candidateNo: '', fields: [] });

function findingWriter(out: Outlet): (finding: Finding) => void {
  const seen = new Map<FindingCode, number>();
  let no = 0;
  return ({ code, file, row, column, excerpt, message }) => {
    const count = (seen.get(code) ?? 0) + 1;
    seen.set(code, count);
    if (count > FINDINGS_PER_CODE_MAX) return;
    no += 1;
    const place = `${copyText(file)}\t${row}\t${column === undefined ? NULL : copyText(column)}`;
    const words = `${excerpt === undefined ? NULL : copyText(excerpt)}\t${copyText(message)}`;
    out.put('staged_finding', `${no}\t${code}\t${severityOf(code)}\t${place}\t${words}\n`);
  };
}
