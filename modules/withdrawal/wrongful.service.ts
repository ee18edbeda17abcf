import { maskName } from '#candidate/rules';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import { scopeOf } from '#staff';
import { lockRow } from './store.ts';
import { notFound, wrongState } from './view.ts';
import {
  countWrongful,
  insertReport,
  listWrongfulRows,
  lockWrongful,
  openReportExists,
  readWrongfulRow,
  saveFinding,
  traceOf,
  type WrongfulAfter,
  type WrongfulLine,
  type WrongfulRow,
} from './wrongful.store.ts';

type Report = Omit<WrongfulRow, 'reportedBy'>;
const viewOf = ({ reportedBy: _reporter, ...view }: WrongfulRow): Report => ({
  ...view,
  candidateName: maskName(view.candidateName),
});

/** Reports a wrongful withdrawal and fixes at once, from log and ledger, everyone who touched it. */
export async function reportWrongful(
  ctx: Ctx,
  withdrawalId: string,
  description: string,
): Promise<Result<Report, Refusal<'not_found' | 'wrong_state' | 'already_open'>>> {
  const row = await lockRow(ctx, await scopeOf(ctx), withdrawalId);
  if (!row) return notFound();
  if (row.state !== 'executed') return wrongState(row, '报告误退（只有已办理的退档才会误退）');
  if (await openReportExists(ctx, withdrawalId))
    return refuse('already_open', '这份退档已有一份误退报告在调查，请把情况补充给督查组。');
  const id = newId();
  await insertReport(ctx, { id, withdrawalId, description, trace: await traceOf(ctx, row) });
  await audit(ctx, {
    action: 'withdrawal.wrongful_reported',
    subjectType: 'withdrawal',
    subjectId: withdrawalId,
    after: { report: id },
  });
  const report = await lockWrongful(ctx, id);
  return report ? ok(viewOf(report)) : notFound();
}

export interface WrongfulQuery {
  readonly state?: WrongfulRow['state'] | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

type Line = Omit<WrongfulLine, 'reportedBy'>;

/** Those that wait for a finding first, then newest first; a page starts after the last report of the one before. */
export async function listWrongful(
  ctx: Ctx,
  { state, cursor, limit }: WrongfulQuery,
): Promise<{ items: Line[]; nextCursor: string | null; total: number; waiting: number }> {
  const rows = await listWrongfulRows(ctx, { state, after: afterOf(cursor), limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const counts = await countWrongful(ctx);
  const all = counts.open + counts.confirmed + counts.unfounded;
  return {
    items: page.map(({ reportedBy: _reporter, ...line }) => ({
      ...line,
      candidateName: maskName(line.candidateName),
    })),
    nextCursor: last && rows.length > limit ? `${last.state}_${last.reportedAt}_${last.id}` : null,
    total: state === undefined ? all : counts[state],
    waiting: counts.open,
  };
}

/** The last row of the page before; what nobody gave out begins at the first page. */
function afterOf(cursor: string | undefined): WrongfulAfter | null {
  const [, state, at, id] =
    /^(open|confirmed|unfounded)_(\d{1,15})_([0-9a-f-]{36})$/.exec(cursor ?? '') ?? [];
  return state !== undefined && at !== undefined && id !== undefined
    ? { isOpen: state === 'open', at: Number(at), id }
    : null;
}

/** One report with its trace; reading changes nothing. */
export async function readWrongful(ctx: Ctx, id: string): Promise<Result<Report, Refusal<'not_found'>>> {
  const report = await readWrongfulRow(ctx, id);
  return report ? ok(viewOf(report)) : refuse('not_found', '没有找到这份误退报告。');
}

/** The supervisor's finding; never by who reported it. */
export async function decideWrongful(
  ctx: Ctx,
  id: string,
  given: { confirmed: boolean; finding: string },
): Promise<Result<Report, Refusal<'not_found' | 'wrong_state' | 'same_person'>>> {
  const report = await lockWrongful(ctx, id);
  if (!report) return notFound();
  if (report.state !== 'open') return refuse('wrong_state', '这份误退报告已有认定结果，不能再改。');
  if (report.reportedBy === ctx.actor.userId)
    return refuse('same_person', '您是报告人，请由另一位督查组成员认定。');
  await saveFinding(ctx, id, given);
  await audit(ctx, {
    action: 'withdrawal.wrongful_decided',
    subjectType: 'withdrawal',
    subjectId: report.withdrawalId,
    reason: given.finding,
    after: { confirmed: given.confirmed },
  });
  const decided = await lockWrongful(ctx, id);
  return decided ? ok(viewOf(decided)) : notFound();
}
