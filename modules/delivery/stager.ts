import { hash } from 'node:crypto';
import { areaCodeOf, maskIdNumber, maskPhone, nationalNumber } from '#candidate/rules';
import type { Vault } from '#platform/crypto/vault';
import { type Copy, copyBytes, copyText } from '#platform/db/copy';
import { nameKeys } from '#platform/pinyin';
import type { DetailRecord, PlanRecord } from './detail.rules.ts';
import type { FilingRecord } from './filing.rules.ts';
import { makeOutlet, type Outlet } from './outlet.ts';
import { eighteenthBirthday, filingPart, filingRemainder, personPart } from './part.rules.ts';
import { partWriter } from './part-writer.ts';
import type { Phone } from './phone.rules.ts';
import type { Photo } from './read/photo.ts';
import type { PersonRecord } from './record.rules.ts';
import { FINDINGS_PER_CODE_MAX, type Finding, type FindingCode, severityOf } from './rules.ts';
import type { SurveySink } from './survey-sink.ts';

export interface Stager extends SurveySink {
  /** Sends what is left; to be called when everything was read. */
  finish(): Promise<void>;
  /** Waits until nothing is on its way, so that another COPY may run. */
  flush(): Promise<void>;
  readonly plans: readonly PlanRecord[];
  /** Batch codes (PCDM) of the filings. */
  readonly batches: ReadonlySet<string>;
  readonly photos: readonly StagedPhoto[];
}

export interface StagedPhoto {
  readonly n: number;
  readonly photo: Photo;
}

const PLANS_MAX = 50_000;
/** A damaged file may have a new code on every row. */
const BATCHES_MAX = 1000;
const NULL = '\\N';

/** Turns records into COPY text, sealed and hashed. One COPY runs while the next rows are read. */
export function makeStager(vault: Vault, copy: Copy, areas: AreaPrefixes): Stager {
  const out = makeOutlet(copy);
  const tools = { vault, areas, fingerprint: fingerprinter(vault) };
  const rows = rowWriter(tools, out);
  const plans: PlanRecord[] = [];
  const photos: StagedPhoto[] = [];
  const batches = new Set<string>();
  const parts = partWriter(tools.fingerprint, out, batches);
  const noteBatch = ({ batch }: FilingRecord): void => {
    if (batch?.code && batches.size < BATCHES_MAX) batches.add(batch.code);
  };
  let details = 0;
  const detail = (n: number, kind: string, values: object): void => {
    details += 1;
    out.put('staged_detail', `${details}\t${kind}\t${n}\t${copyBytes(vault.seal(JSON.stringify(values)))}\n`);
  };
  const remark = (n: number, filing: FilingRecord): void => {
    const remainder = filingRemainder(filing);
    if (remainder) detail(n, 'filing', remainder);
  };
  return {
    plans,
    batches,
    photos,
    finding: findingWriter(out),
    person: (n, record, sighting, filing) => {
      rows.person(n, record, sighting, filing);
      if (filing) noteBatch(filing);
      if (sighting === 'new' && filing) remark(n, filing);
    },
    filing: (n, record, sighting) => {
      noteBatch(record);
      if (sighting !== 'new') return;
      rows.filing(n, record);
      remark(n, record);
    },
    preference: parts.preference,
    score: parts.score,
    plan: (record) => {
      if (plans.length < PLANS_MAX) plans.push(record);
    },
    detail: (n, { file, values }: DetailRecord, kind) =>
      detail(n, kind, kind === 'other' ? { file, values } : values),
    photo: (n, photo) => {
      photos.push({ n, photo });
    },
    drain: () => out.drain(),
    flush: () => out.finish(),
    finish: async () => {
      parts.close();
      await out.finish();
    },
  };
}

type Fingerprint = (text: string) => string;

/** 8 bytes that tell content unchanged. Keyed by the tenant, so that a guess cannot be checked; a million are made in a minute. */
function fingerprinter(vault: Vault): Fingerprint {
  const key = vault.blind('content of a delivery').toString('hex');
  return (text) => hash('sha256', key + text, 'hex').slice(0, 16);
}

/** Mobile prefixes of the tenant with their area code. */
export type AreaPrefixes = ReadonlyMap<string, string>;

interface Tools {
  vault: Vault;
  areas: AreaPrefixes;
  fingerprint: Fingerprint;
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
  person(n: number, record: PersonRecord, sighting: string, filing: FilingRecord | null): void;
  filing(n: number, record: FilingRecord): void;
}

function rowWriter(tools: Tools, out: Outlet): RowWriter {
  const { vault, fingerprint } = tools;
  const phones = (n: number, record: PersonRecord, extra: boolean): void => {
    record.phones.forEach((phone, index) => {
      out.put('staged_phone', phoneLine(tools, n, phone, { position: index + 1, extra }));
    });
  };
  return {
    person: (n, record, sighting, filing) => {
      if (sighting === 'equal') return;
      // A list of numbers is no new reading of the person: they are added to those that are there.
      phones(n, record, sighting === 'conflict' || record.bare);
      if (sighting === 'conflict') return;
      const filed = filing ? filingLine(filing, fingerprint, true) : EMPTY_FILING;
      const person = personLine(record, vault, fingerprint);
      out.put('staged_row', `${n}\t${record.candidateNo}\t${person}\t${filed}\n`);
    },
    filing: (n, record) => {
      out.put('staged_filing', `${n}\t${filingLine(record, fingerprint, false)}\n`);
    },
  };
}

const flag = (value: boolean | null): string => (value === null ? NULL : value ? 't' : 'f');

function personLine(record: PersonRecord, vault: Vault, fingerprint: Fingerprint): string {
  const { sealed, codes, content } = personPart(record);
  const { key, initials } = nameKeys(record.name);
  const { idNumber } = record;
  return [
    // A filing without a table of persons says nothing about the person: what is known stays.
    record.bare ? NULL : fingerprint(content),
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
    record.carried,
  ].join('\t');
}

const orNull = (text: string): string => (text === '' ? NULL : copyText(text));

const EMPTY_FILING = Array.from({ length: 17 }, () => NULL).join('\t');

/** The wide form carries scores and preferences on the row; beside other tables they come in parts. */
function filingLine(filing: FilingRecord, fingerprint: Fingerprint, wide: boolean): string {
  const { codes, raw, scores, preferences, content } = filingPart(filing);
  return [
    fingerprint(content),
    orNull(filing.subjectGroup?.code ?? ''),
    orNull(filing.subjectGroup?.name ?? filing.subjectGroup?.code ?? ''),
    orNull(filing.planNature?.code ?? ''),
    orNull(filing.filedMajor || filing.admittedMajor || firstOwnMajor(filing)),
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
    filing.carried,
  ].join('\t');
}

/** Of the slots of the wide form: another college's major is none of ours. */
const firstOwnMajor = ({ unit, preferences }: FilingRecord): string =>
  preferences.find((wish) => wish.major !== '' && (unit === '' || wish.unit === unit))?.major ?? '';

function phoneLine(
  { vault, areas }: Tools,
  n: number,
  phone: Phone,
  { position, extra }: { position: number; extra: boolean },
): string {
  const { number, kind, relation, source } = phone;
  const secret = `${copyBytes(vault.blind(number))}\t${copyBytes(vault.seal(number))}\t${maskPhone(number)}`;
  const area = areaCodeOf(number) ?? areaOf(areas, nationalNumber(number)) ?? NULL;
  return `${n}\t${secret}\t${kind}\t${area}\t${relation ?? 'unknown'}\t档案 ${source}\t${position}\t${flag(extra)}\n`;
}

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
