import type { z } from 'zod';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import { activeSeason } from '#season';
import { type importLeads, LEAD_IMPORT_ROWS } from './lead.contract.ts';
import {
  LEAD_COLUMNS,
  LEADS_PER_SEASON,
  type LeadKeys,
  type LeadLine,
  readLead,
  readLeadLines,
  readMoment,
} from './lead.rules.ts';
import { accountsBy, insertLead, type NewLead, readSame } from './lead.store.ts';
import { noSeason } from './run.service.ts';

/** 报备 from a list: who registered whom. Preview and writing are the same pass; nothing is written while a row has a fault. */

type ImportRefusal = Refusal<keyof typeof importLeads.refusals>;
type Report = z.output<typeof importLeads.reply>;

export async function importTheLeads(
  ctx: Ctx,
  file: { name: string; bytes: Buffer },
  confirm: boolean,
): Promise<Result<Report, ImportRefusal>> {
  const season = await activeSeason(ctx);
  if (!season) return noSeason();
  const cells = await cellsOf(file);
  if (cells === null)
    return refuse('unreadable', '这个文件读不出来，请另存为 .xlsx 或 UTF-8 / GBK 编码的 .csv 再上传。');
  const lines = readLeadLines(cells);
  if (typeof lines === 'string') return refuse('unreadable', lines);
  if (lines.length > LEAD_IMPORT_ROWS)
    return refuse('too_large', `表中有 ${lines.length} 行，一次最多 ${LEAD_IMPORT_ROWS} 行，请分成几份。`);
  const read = await readRows(ctx, season.id, lines);
  const report = reportOf(lines.length, read);
  if (!confirm) return ok(report);
  if (report.rejected > 0)
    return refuse(
      'rows_rejected',
      `有 ${report.rejected} 行需要修改，这次没有写入任何报备。请改好后重新上传。`,
      {
        rejected: report.rejected,
      },
    );
  for (const lead of read.leads) await insertLead(ctx, season.id, lead);
  await audit(ctx, {
    action: 'lead.imported',
    subjectType: 'season',
    subjectId: season.id,
    after: {
      file: file.name,
      rows: report.rows,
      ready: report.ready,
      disputed: report.disputed,
      known: report.known,
    },
  });
  return ok({ ...report, written: true });
}

interface ReadRows {
  readonly leads: NewLead[];
  readonly known: number;
  readonly findings: { row: number; sentence: string }[];
}

const FINDINGS_SHOWN = 200;

const reportOf = (rows: number, { leads, known, findings }: ReadRows): Report => ({
  rows,
  ready: leads.filter(({ state }) => state === 'open').length,
  disputed: leads.filter(({ state }) => state === 'disputed').length,
  known,
  rejected: findings.length,
  written: false,
  findings: findings.slice(0, FINDINGS_SHOWN),
});

/** Rows in order of their time: the first registration of a student counts, later ones of others are disputes. */
async function readRows(ctx: Ctx, seasonId: string, lines: readonly LeadLine[]): Promise<ReadRows> {
  const people = await accountsBy(ctx, [...new Set(lines.map(({ recruiter }) => recruiter))]);
  const read: ReadRows & { known: number } = { leads: [], known: 0, findings: [] };
  const firstOf = new Map<string, string>();
  const counts = new Map<string, number>();
  const rows = lines
    .map((line) => ({
      line,
      at: readMoment(line.at),
      recruiterId: people.get(line.recruiter),
      keys: readLead(line),
    }))
    .toSorted((one, other) => (one.at ?? ctx.now) - (other.at ?? ctx.now) || one.line.row - other.line.row);
  for (const { line, at, recruiterId, keys } of rows) {
    const fault = faultOf({ at, recruiterId, keys, now: ctx.now, count: counts.get(recruiterId ?? '') ?? 0 });
    if (fault !== null || typeof keys === 'string' || recruiterId === undefined) {
      read.findings.push({ row: line.row, sentence: fault ?? '' });
      continue;
    }
    counts.set(recruiterId, (counts.get(recruiterId) ?? 0) + 1);
    const marks = marksOf(keys);
    const inFile = marks.map((mark) => firstOf.get(mark)).find((owner) => owner !== undefined);
    const stored = (await readSame(ctx, seasonId, keys)).map((lead) => lead.recruiterId);
    if (inFile === recruiterId || stored.includes(recruiterId)) {
      read.known += 1;
      continue;
    }
    for (const mark of marks) if (!firstOf.has(mark)) firstOf.set(mark, recruiterId);
    const state = inFile !== undefined || stored.length > 0 ? 'disputed' : 'open';
    const source = line.source === '' ? '导入' : line.source;
    read.leads.push({ id: newId(), recruiterId, keys, source, registeredAt: at ?? ctx.now, state });
  }
  return { ...read, findings: read.findings.toSorted((one, other) => one.row - other.row) };
}

const marksOf = ({ name, candidateNo, idNumber, phone }: LeadKeys): string[] => [
  ...(candidateNo === null ? [] : [`no ${candidateNo}`]),
  ...(idNumber === null ? [] : [`id ${idNumber}`]),
  ...(phone === null ? [] : [`phone ${phone} ${name}`]),
];

function faultOf(row: {
  at: number | null | undefined;
  recruiterId: string | undefined;
  keys: LeadKeys | string;
  now: number;
  count: number;
}): string | null {
  if (typeof row.keys === 'string') return row.keys;
  if (row.recruiterId === undefined) return '报备人账号或工号不存在，请先在“团队 > 人员”建立账号';
  if (row.at === null) return '报备时间读不出来，请写成 2026-06-20 09:30';
  if (row.at !== undefined && row.at > row.now) return '报备时间晚于现在';
  if (row.count >= LEADS_PER_SEASON) return `同一报备人超过 ${LEADS_PER_SEASON} 名`;
  return null;
}

/** Cells of the first sheet, or of a CSV in UTF-8 or GBK; null when it is neither. */
async function cellsOf({ name, bytes }: { name: string; bytes: Buffer }): Promise<string[][] | null> {
  if (/\.csv$/i.test(name)) return csvCells(bytes);
  const { readXlsx } = await import('hucre/xlsx');
  try {
    const book = await readXlsx(bytes);
    return (book.sheets[0]?.rows ?? []).map((row) =>
      row.map((cell) => (cell instanceof Date ? localText(cell) : cell === null ? '' : String(cell))),
    );
  } catch {
    return null;
  }
}

/** A date cell holds wall-clock time without a zone. */
const localText = (at: Date): string => at.toISOString().slice(0, 16).replace('T', ' ');

function csvCells(bytes: Buffer): string[][] {
  const utf8 = new TextDecoder('utf-8').decode(bytes);
  const text = utf8.includes('\ufffd') ? new TextDecoder('gb18030').decode(bytes) : utf8;
  return text
    .split(/\r?\n/)
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
        (quoted?.replaceAll('""', '"') ?? plain ?? '').trim(),
      ),
    );
}

/** The empty sheet with one invented example. */
export async function leadTemplate(): Promise<Uint8Array> {
  const { writeXlsx } = await import('hucre/xlsx');
  const titles = Object.values(LEAD_COLUMNS).map(([first]) => first);
  const example = ['何示例', '26510000000001', '', '15400001234', 't0001', '现场咨询', '2026-06-20 09:30'];
  return writeXlsx({
    sheets: [
      {
        name: '报备',
        columns: titles.map((header) => ({ header, width: 18, numFmt: '@' })),
        rows: [titles, example],
        freezePane: { rows: 1 },
      },
    ],
  });
}
