import { Readable } from 'node:stream';
import { readHeads } from '#platform/audit/heads';
import { type LoggedLine, type Span, walkLines } from '#platform/audit/walk';
import type { Ctx } from '#platform/db/tenant';
import { maskText } from '#platform/personal-text';
import { shanghaiTime } from '#platform/shanghai';
import { safeCell } from '#platform/spreadsheet';
import { actionWords } from './audit-words.rules.ts';

const COLUMNS = [
  ['导出标记', 16],
  ['时间', 20],
  ['操作人', 12],
  ['地址', 16],
  ['事项', 24],
  ['原因', 30],
  ['内容', 60],
  ['对象类别', 14],
  ['对象编号', 38],
  ['事项代码', 26],
  ['请求编号', 38],
  ['链号', 8],
  ['链内序号', 10],
  ['校验值', 66],
] as const;
/** A cell of a spreadsheet holds 32,767 characters. */
const CELL_MAX = 32_000;

/**
 * Lines of a span as a workbook, streamed, every row marked. The last rows are the ends of the chains at the moment of making, so
 * that whoever keeps the file can later prove that nothing before them was rewritten.
 */
export async function makeAuditLog(
  ctx: Ctx,
  span: Span,
  mark: string,
  onRows: (done: number) => Promise<void>,
): Promise<Readable> {
  const { writeXlsxStream } = await import('hucre/xlsx');
  const { heads, digest } = await readHeads(ctx);
  async function* rows(): AsyncGenerator<(string | number)[]> {
    let done = 0;
    for await (const page of walkLines(ctx, span)) {
      for (const line of page) yield rowOf(line, mark);
      done += page.length;
      await onRows(done);
    }
    const made = shanghaiTime(ctx.now);
    yield headRow({ mark, made, what: '全部链尾的校验值', hash: digest });
    for (const { stripe, seq, hash } of heads)
      yield headRow({ mark, made, what: '链尾', place: [stripe, seq], hash });
  }
  const columns = COLUMNS.map(([header, width]) => ({ header, width }));
  return Readable.fromWeb(
    writeXlsxStream(rows(), { name: '审计日志', columns, freezePane: { rows: 1 } }) as never,
  );
}

function rowOf(line: LoggedLine, mark: string): (string | number)[] {
  const texts = [
    ...[mark, shanghaiTime(Date.parse(line.at)), line.actorName, line.ip ?? '', actionWords(line.action)],
    ...[maskText(line.reason) ?? '', maskText(line.body).slice(0, CELL_MAX), line.subjectType],
    ...[line.subjectId ?? '', line.action, line.requestId ?? ''],
  ];
  return [...texts.map(safeCell), line.stripe, line.seq, line.hash];
}

function headRow(given: {
  mark: string;
  made: string;
  what: string;
  place?: readonly [stripe: number, seq: number];
  hash: string;
}): (string | number)[] {
  const { mark, made, what, place = ['', ''], hash } = given;
  return [mark, made, '系统', '', what, ...Array.from({ length: 6 }, () => ''), ...place, hash];
}
