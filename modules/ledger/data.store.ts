import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { Instant } from '#platform/ids';
import type { ExportFilter } from './contract.ts';
import type { ExportKind } from './rules.ts';

export interface Scope {
  readonly seasonId: string;
  readonly filter: ExportFilter;
}

const within = ({ filter }: Scope) => sql`
  ${filter.provinceCode ? sql`and c.province_code = ${filter.provinceCode}` : sql``}
  ${filter.batchId ? sql`and c.batch_id = ${filter.batchId}` : sql``}
  ${filter.candidateIds ? sql`and c.id = any(${[...filter.candidateIds]}::uuid[])` : sql``}`;

const decided = (ctx: Ctx, scope: Scope) => sql`
  from follow_up_case k join candidate c on c.tenant_id = k.tenant_id and c.id = k.candidate_id
  where k.tenant_id = ${ctx.tenantId} and k.season_id = ${scope.seasonId} and k.phase = 'filing' and k.state = 'final'
    and k.result in ('admitted', 'withdrawn', 'returned') ${within(scope)}`;

const contacts = (ctx: Ctx, scope: Scope) => sql`
  from attempt a join candidate c on c.tenant_id = a.tenant_id and c.id = a.candidate_id
  where a.tenant_id = ${ctx.tenantId} and a.season_id = ${scope.seasonId} ${within(scope)}`;

/** The same with the number of people behind the rows. */
export async function countScope(
  ctx: Ctx,
  kind: ExportKind,
  scope: Scope,
): Promise<{ rows: number; candidates: number }> {
  const from = kind === 'decisions' ? decided(ctx, scope) : contacts(ctx, scope);
  const { rows } = await sql<{ rows: number; candidates: number }>`
    select count(*) as rows, count(distinct c.id) as candidates ${from}`.execute(ctx.tx);
  return rows[0] ?? { rows: 0, candidates: 0 };
}

/** How many rows an export would have: decides whether a second person is needed. */
export async function countRows(ctx: Ctx, kind: ExportKind, scope: Scope): Promise<number> {
  const from = kind === 'decisions' ? decided(ctx, scope) : contacts(ctx, scope);
  const { rows } = await sql<{ n: number }>`select count(*) as n ${from}`.execute(ctx.tx);
  return rows[0]?.n ?? 0;
}

export interface DecisionSource {
  readonly candidateNo: string;
  readonly result: string;
  readonly majorCode: string | null;
  /** TDYYDM that the province gives for 本人自愿放弃; null when its code table has none. */
  readonly voluntaryCode: string | null;
}

/** Every final case of the filing phase, by candidate number. */
export async function readDecisions(ctx: Ctx, scope: Scope): Promise<DecisionSource[]> {
  const { rows } = await sql<DecisionSource>`
    select c.candidate_no as "candidateNo", k.result, c.major_code as "majorCode",
      (select e.code from code_entry e where e.tenant_id = c.tenant_id and e.season_id = c.season_id and e.province_code = c.province_code
        and e.code_table = 'TDYYDM' and e.name like '%自愿%' order by e.code limit 1) as "voluntaryCode"
    ${decided(ctx, scope)} order by c.candidate_no`.execute(ctx.tx);
  return rows;
}

export interface LedgerLine {
  readonly id: string;
  readonly candidateNo: string;
  readonly name: string;
  readonly provinceCode: string;
  readonly batchName: string;
  readonly majorName: string | null;
  readonly callerName: string;
  readonly groupName: string | null;
  readonly startedAt: Instant;
  readonly channel: string;
  readonly direction: string;
  readonly masked: string | null;
  readonly outcome: string;
  readonly contact: boolean;
  readonly talkSeconds: number;
  readonly note: Buffer | null;
  /** How it was amended last: the row has what it counts as since; null: as first written. */
  readonly amended: 'undone' | 'corrected' | 'completed' | null;
  readonly disposition: string;
  readonly result: string | null;
}

const PAGE = 2000;

/** The ledger in the order it was written (ids are in time order), page by page: memory does not grow with the season. */
export async function* walkLedger(ctx: Ctx, scope: Scope): AsyncGenerator<LedgerLine[]> {
  let rows = await readPage(ctx, scope, null);
  while (rows.length > 0) {
    yield rows;
    const last = rows.at(-1);
    rows = last && rows.length === PAGE ? await readPage(ctx, scope, last.id) : [];
  }
}

async function readPage(ctx: Ctx, scope: Scope, last: string | null): Promise<LedgerLine[]> {
  const after = last ? sql`and a.id > ${last}` : sql``;
  const { rows } = await sql<LedgerLine>`
    select a.id, c.candidate_no as "candidateNo", c.name, c.province_code as "provinceCode", b.name as "batchName", c.major_name as "majorName",
      u.name as "callerName", g.name as "groupName", a.started_at as "startedAt", a.channel, a.direction, p.masked,
      coalesce(r.after->>'outcome', a.outcome) as outcome, coalesce((r.after->>'contact')::boolean, a.counts_as_contact) as contact,
      coalesce((r.after->>'talkSeconds')::int, a.talk_seconds) as "talkSeconds", a.note, r.kind as amended, k.disposition, k.result
    from attempt a join candidate c on c.tenant_id = a.tenant_id and c.id = a.candidate_id
    join batch b on b.tenant_id = c.tenant_id and b.id = c.batch_id
    join follow_up_case k on k.tenant_id = a.tenant_id and k.id = a.case_id
    join user_account u on u.tenant_id = a.tenant_id and u.id = a.caller_id
    left join staff_group g on g.tenant_id = a.tenant_id and g.id = a.group_id
    left join phone p on p.tenant_id = a.tenant_id and p.id = a.phone_id
    left join lateral (
      select r.kind, r.after from attempt_correction r where r.tenant_id = a.tenant_id and r.attempt_id = a.id
      order by r.corrected_at desc, r.id desc limit 1
    ) r on true
    where a.tenant_id = ${ctx.tenantId} and a.season_id = ${scope.seasonId} ${within(scope)} ${after}
    order by a.id limit ${PAGE}`.execute(ctx.tx);
  return rows;
}
