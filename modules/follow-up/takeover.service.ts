import { sql } from 'kysely';
import { maskName } from '#candidate/rules';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { notify } from '#platform/outbox';
import { ok, type Result } from '#platform/result';
import { shanghaiDay } from '#platform/shanghai';
import { type CaseRow, readCase } from './case.store.ts';
import { lockCase } from './claim.store.ts';
import { hold } from './hold.service.ts';
import { lockLease, readOpenLease } from './lease.store.ts';
import { type Me, readMe } from './me.ts';
import { type Holders, isLetIn, REGISTER_ONLY, refuseTakeOver } from './minor.service.ts';
import { giveBack } from './release.service.ts';
import type { WorkView } from './work.contract.ts';
import { readWork } from './work.ts';

/** An inbound call: find the case by digits, take it over with a reason. The owner stays the owner and is told. A minor's file opens only to those let in. */

export interface Found {
  readonly caseId: string;
  readonly candidateName: string;
  readonly candidateNoMasked: string;
  readonly phoneMasked: string | null;
  readonly ownerName: string | null;
  readonly groupName: string | null;
  readonly state: CaseRow['state'];
  readonly disposition: CaseRow['disposition'];
  readonly barred: string | null;
  /** Why the file may not be opened, though the call may be registered for those who may; null: it may. */
  readonly registerOnly: string | null;
}

const FOUND_MAX = 10;
const TAIL = 4;

/** Cases whose number or candidate number ends in the digits given, or whose number is exactly the one given. Masked. */
export async function findInbound(ctx: Ctx, text: string): Promise<Result<{ items: Found[] }, never>> {
  const me = await readMe(ctx);
  const { season } = me;
  const digits = text.replace(/\D/g, '');
  if (!season || digits.length < TAIL) return ok({ items: [] });
  const exact = digits.length >= 10 ? ctx.vault.blind(`+86${digits.replace(/^0+/, '')}`) : null;
  const tail = digits.slice(-TAIL);
  const { rows } = await sql<FoundRow>`
    select c.id as "caseId", d.name as "candidateName", d.candidate_no as "candidateNo", h.masked as "phoneMasked",
      u.name as "ownerName", g.name as "groupName", c.state, c.disposition, c.result, c.owner_id, c.in_charge_id, c.group_id,
      coalesce(d.minor_until > ${shanghaiDay(ctx.now)}::date, false) as minor
    from (
      select cp.candidate_id, p.masked from phone p
      join candidate_phone cp on cp.tenant_id = p.tenant_id and cp.phone_id = p.id
      where p.tenant_id = ${ctx.tenantId}
        and ${exact === null ? sql`right(p.masked, 4) = ${tail}` : sql`p.number_blind = ${exact}`}
      union all
      select d.id, null from candidate d
      where d.tenant_id = ${ctx.tenantId} and d.season_id = ${season.id} and right(d.candidate_no, 4) = ${tail}
        and ${exact === null}
    ) h
    join follow_up_case c on c.tenant_id = ${ctx.tenantId} and c.candidate_id = h.candidate_id and c.season_id = ${season.id}
    join candidate d on d.tenant_id = c.tenant_id and d.id = c.candidate_id
    left join user_account u on u.tenant_id = c.tenant_id and u.id = c.owner_id
    left join staff_group g on g.tenant_id = c.tenant_id and g.id = c.group_id
    order by (c.state = 'final'), c.updated_at desc limit ${FOUND_MAX}`.execute(ctx.tx);
  return ok({ items: await Promise.all(rows.map((row) => shown(ctx, me, row))) });
}

interface FoundRow extends Omit<Found, 'barred' | 'registerOnly' | 'candidateNoMasked'>, Holders {
  readonly candidateNo: string;
  readonly result: string | null;
  readonly minor: boolean;
}

async function shown(ctx: Ctx, me: Me, row: FoundRow): Promise<Found> {
  const { candidateNo } = row;
  return {
    caseId: row.caseId,
    candidateName: maskName(row.candidateName),
    candidateNoMasked: `${candidateNo.slice(0, 4)}******${candidateNo.slice(-TAIL)}`,
    phoneMasked: row.phoneMasked,
    ownerName: row.ownerName,
    groupName: row.groupName,
    state: row.state,
    disposition: row.disposition,
    barred: closed(row.state, row.result),
    registerOnly: row.minor && !(await isLetIn(ctx, me, row)) ? REGISTER_ONLY : null,
  };
}

function closed(state: string, result: string | null): string | null {
  if (state === 'leased') return '另一位回访员正在与这名考生通话。';
  if (result === 'withdrawn' || result === 'returned') return '已退档或退回，请转招办处理。';
  return null;
}

export type TakeOverRefusal =
  | 'not_found'
  | 'case_leased'
  | 'lease_dialled'
  | 'case_closed'
  | 'number_busy'
  | 'minor_not_approved';

/** Takes a case over on an inbound call. What the caller held, not yet dialled, returns to the queue. */
export async function takeOver(
  ctx: Ctx,
  caseId: string,
  reason: string,
): Promise<Result<WorkView, Refusal<TakeOverRefusal>>> {
  const me = await readMe(ctx);
  const known = await readCase(ctx, caseId);
  if (!known || known.season_id !== me.season?.id) return refuse('not_found', '没有找到这名考生的回访任务。');
  const current = await readOpenLease(ctx, me.userId);
  if (current?.case_id === caseId) return ok(await readWork(ctx, me));
  if (current?.dial_started_at)
    return refuse('lease_dialled', '您手上的考生已开始拨打，请先登记结果，再接管来电。');
  const unapproved = await refuseTakeOver(ctx, me, known);
  if (unapproved) return unapproved;
  if (current) await release(ctx, current.id);
  const row = await lockCase(ctx, caseId);
  if (!row || row.state === 'leased')
    return refuse('case_leased', '另一位回访员正在与这名考生通话，请告诉对方稍候，或请考生稍后再来电。');
  const barred = closed(row.state, row.result);
  if (barred !== null) return refuse('case_closed', barred);
  if (!(await hold(ctx, me, { row, how: 'takeover' })))
    return refuse('number_busy', '这个号码正由另一位回访员为其他考生拨打，请几分钟后再接管。');
  await tell(ctx, me, row, reason);
  return ok(await readWork(ctx, me));
}

async function release(ctx: Ctx, leaseId: string): Promise<void> {
  const lease = await lockLease(ctx, leaseId);
  const row = lease && (await readCase(ctx, lease.case_id));
  if (lease && row) await giveBack(ctx, lease, row, { reason: 'released', note: '接听来电' });
}

async function tell(ctx: Ctx, me: Me, row: CaseRow, reason: string): Promise<void> {
  await audit(ctx, { action: 'case.taken_over', subjectType: 'case', subjectId: row.id, reason });
  if (row.owner_id === null || row.owner_id === me.userId) return;
  await notify(ctx, row.owner_id, {
    title: '您负责的考生来电',
    body: `${me.profile.name}接听了来电（${reason}），结果会记在联系记录里，仍由您负责。`,
    link: '/queue',
  });
}
