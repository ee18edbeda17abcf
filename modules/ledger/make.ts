import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { maskName } from '#candidate/rules';
import { type DecisionRow, writeDecisions } from '#delivery';
import { CHANNEL_LABELS, DISPOSITION_LABELS, outcomeLabel } from '#follow-up/contract';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { maskText } from '#platform/personal-text';
import { ok, type Result } from '#platform/result';
import { safeCell } from '#platform/spreadsheet';
import { provinceName } from '#season/rules';
import { type LedgerLine, readDecisions, type Scope, walkLedger } from './data.store.ts';
import { decisionOf } from './rules.ts';

export type MakeRefusal = Refusal<'not_encodable' | 'no_major'>;

/**
 * The decisions for the authority: one row a candidate with a final state, the mark in the note. Refuses, with the candidate,
 * an admitted one without major code and a value that does not fit its column; nothing is cut.
 */
export async function makeDecisions(
  ctx: Ctx,
  scope: Scope,
  mark: string,
): Promise<Result<Buffer, MakeRefusal>> {
  const rows: DecisionRow[] = [];
  for (const { candidateNo, result, majorCode, voluntaryCode } of await readDecisions(ctx, scope)) {
    const decision = decisionOf(result);
    if (decision === null) continue;
    if (decision === 'admit' && !majorCode) {
      return refuse('no_major', `考生号 ${candidateNo} 已确认录取，但没有专业代号，请先补全后再导出。`, {
        candidateNo,
      });
    }
    const admittedMajor = decision === 'admit' ? (majorCode ?? '') : '';
    rows.push({
      candidateNo,
      decision,
      admittedMajor,
      returnReason: decision === 'return' ? (voluntaryCode ?? '') : '',
      note: mark,
    });
  }
  const out = new PassThrough();
  const bytes = buffer(out);
  const written = await writeDecisions(out, rows, new Date(ctx.now));
  if (!written.ok)
    return refuse('not_encodable', written.error.message, {
      row: written.error.row,
      column: written.error.column,
    });
  out.end();
  return ok(await bytes);
}

const COLUMNS = [
  ...[
    '导出标记',
    '时间',
    '考生号',
    '姓名',
    '省份',
    '批次',
    '预录专业',
    '回访员',
    '小组',
    '方式',
    '方向',
    '号码',
    '结果',
    '有人应答',
  ],
  ...['通话秒数', '说明', '更正', '当前意向', '最终结果'],
].map((header) => ({ header, width: 14 }));
const RESULTS: Readonly<Record<string, string>> = {
  admitted: '录取',
  withdrawn: '退档',
  returned: '退回',
  closed: '办结',
};

/** The values of a row are those after its last amendment; an undone one stays, and counts nowhere. */
const AMENDED: Readonly<Record<string, string>> = {
  undone: '已撤销，不计',
  corrected: '已更正',
  completed: '已补填',
};

/** The full ledger as a workbook, streamed; names and numbers masked, every row marked, text never a formula. */
export async function makeLedger(
  ctx: Ctx,
  scope: Scope,
  mark: string,
  onRows: (done: number) => Promise<void>,
): Promise<Readable> {
  const { writeXlsxStream } = await import('hucre/xlsx');
  async function* rows(): AsyncGenerator<(string | number)[]> {
    let done = 0;
    for await (const page of walkLedger(ctx, scope)) {
      for (const line of page) yield rowOf(ctx, line, mark);
      done += page.length;
      await onRows(done);
    }
  }
  return Readable.fromWeb(
    writeXlsxStream(rows(), { name: '回访台账', columns: COLUMNS, freezePane: { rows: 1 } }) as never,
  );
}

function rowOf(ctx: Ctx, line: LedgerLine, mark: string): (string | number)[] {
  const time = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Asia/Shanghai',
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  const texts = [
    ...[
      mark,
      time.format(line.startedAt),
      line.candidateNo,
      maskName(line.name),
      provinceName(line.provinceCode),
      line.batchName,
    ],
    ...[line.majorName ?? '', line.callerName, line.groupName ?? ''],
    ...[
      labelIn(CHANNEL_LABELS, line.channel),
      line.direction === 'in' ? '来电' : '去电',
      line.masked ?? '',
      outcomeLabel(line.outcome),
    ],
    line.contact ? '是' : '否',
  ].map(safeCell);
  const rest = [
    line.note === null ? '' : noteOf(ctx.vault.open(line.note), line.name),
    AMENDED[line.amended ?? ''] ?? '',
    labelIn(DISPOSITION_LABELS, line.disposition),
    RESULTS[line.result ?? ''] ?? '',
  ];
  return [...texts, line.talkSeconds, ...rest.map(safeCell)];
}

/** What was written or sent as a message, as masked as the columns beside it. */
const noteOf = (note: string, name: string): string => maskText(note).replaceAll(name, maskName(name));

const labelIn = (labels: Readonly<Record<string, string>>, code: string): string => labels[code] ?? code;
