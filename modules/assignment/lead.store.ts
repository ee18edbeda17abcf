import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { maskText } from '#platform/personal-text';
import type { LeadRow } from './lead.contract.ts';
import type { Dispute, Found, LeadKeys, LeadState, Verdict } from './lead.rules.ts';

/** Matching of leads. Reads candidate, phone, candidate_phone. */

/** Every candidate that fits an open lead, by each fact. */
export async function findFits(ctx: Ctx, seasonId: string, importId: string | null): Promise<Found[]> {
  const open = sql`l.tenant_id = ${ctx.tenantId} and l.season_id = ${seasonId} and l.state = 'open'`;
  const mine = sql`c.tenant_id = l.tenant_id and c.season_id = l.season_id and c.merged_into is null
    ${importId === null ? sql`` : sql`and c.import_id = ${importId}`}`;
  const { rows } = await sql<Found>`
    select f.id as "leadId", f.recruiter_id as "recruiterId", f.registered_at as "registeredAt",
      f.found_id as "candidateId", f.by, f.name = f.candidate_name as "sameName",
      f.registered_by = f.recruiter_id and f.registered_at > f.created_at as "afterDelivery"
    from (
      select l.*, c.id as found_id, c.name as candidate_name, c.created_at, 'number' as by
      from lead l join candidate c on ${mine} and c.candidate_no = l.candidate_no where ${open}
      union all
      select l.*, c.id, c.name, c.created_at, 'id'
      from lead l join candidate c on ${mine} and c.id_blind = l.id_blind where ${open}
      union all
      select distinct l.*, c.id, c.name, c.created_at, 'phone'
      from lead l
      join phone p on p.tenant_id = l.tenant_id and p.number_blind = l.phone_blind
      join candidate_phone x on x.tenant_id = p.tenant_id and x.phone_id = p.id and x.detached_at is null
      join candidate c on ${mine} and c.id = x.candidate_id where ${open}
    ) f`.execute(ctx.tx);
  return rows;
}

/** Whose matched lead each of these candidates is. */
export async function takenBy(
  ctx: Ctx,
  seasonId: string,
  candidateIds: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await sql<{ candidateId: string; recruiterId: string }>`
    select candidate_id as "candidateId", recruiter_id as "recruiterId" from lead
    where tenant_id = ${ctx.tenantId} and season_id = ${seasonId} and state = 'matched'
      and candidate_id = any(${[...candidateIds]}::uuid[])`.execute(ctx.tx);
  return new Map(rows.map((row) => [row.candidateId, row.recruiterId]));
}

export async function saveVerdicts(ctx: Ctx, verdicts: readonly Verdict[]): Promise<void> {
  if (verdicts.length === 0) return;
  await sql`
    update lead l set state = v.state, candidate_id = v."candidateId", dispute = v.dispute, void_reason = v."voidReason",
      matched_at = case when v.state = 'matched' then ${new Date(ctx.now)}::timestamptz end
    from jsonb_to_recordset(${JSON.stringify(verdicts)}::jsonb) v("leadId" uuid, state text, "candidateId" uuid, dispute text,
      "voidReason" text)
    where l.tenant_id = ${ctx.tenantId} and l.id = v."leadId" and l.state = 'open'`.execute(ctx.tx);
}

export interface NewLead {
  readonly id: string;
  readonly recruiterId: string;
  readonly keys: LeadKeys;
  readonly source: string;
  readonly registeredAt: number;
  readonly state: 'open' | 'disputed';
}

export async function insertLead(ctx: Ctx, seasonId: string, lead: NewLead): Promise<void> {
  const { name, candidateNo, idNumber, phone } = lead.keys;
  await sql`
    insert into lead (tenant_id, id, season_id, recruiter_id, candidate_no, id_blind, phone_blind, name, phone, source,
      registered_by, registered_at, state, dispute)
    values (${ctx.tenantId}, ${lead.id}, ${seasonId}, ${lead.recruiterId}, ${candidateNo},
      ${idNumber === null ? null : ctx.vault.blind(idNumber)}, ${phone === null ? null : ctx.vault.blind(phone)}, ${name},
      ${phone === null ? null : ctx.vault.seal(phone)}, ${maskText(lead.source)}, ${ctx.actor.userId},
      ${new Date(lead.registeredAt)}, ${lead.state}, ${lead.state === 'disputed' ? 'later' : null})`.execute(
    ctx.tx,
  );
}

/** Who has registered the same student already, by any of the facts; void ones do not count. */
export async function readSame(
  ctx: Ctx,
  seasonId: string,
  keys: LeadKeys,
): Promise<{ recruiterId: string }[]> {
  const { rows } = await sql<{ recruiterId: string }>`
    select recruiter_id as "recruiterId" from lead
    where tenant_id = ${ctx.tenantId} and season_id = ${seasonId} and state <> 'void' and (
      candidate_no = ${keys.candidateNo}::text
      or id_blind = ${keys.idNumber === null ? null : ctx.vault.blind(keys.idNumber)}::bytea
      or (name = ${keys.name} and phone_blind = ${keys.phone === null ? null : ctx.vault.blind(keys.phone)}::bytea))
    order by registered_at, id`.execute(ctx.tx);
  return rows;
}

export async function countLeads(
  ctx: Ctx,
  seasonId: string,
  recruiterId: string,
  dayStart: number,
): Promise<{ today: number; season: number }> {
  const { rows } = await sql<{ today: number; season: number }>`
    select count(*)::int as season, count(*) filter (where registered_at >= ${new Date(dayStart)})::int as today from lead
    where tenant_id = ${ctx.tenantId} and season_id = ${seasonId} and recruiter_id = ${recruiterId} and state <> 'void'`.execute(
    ctx.tx,
  );
  return rows[0] ?? { today: 0, season: 0 };
}

export interface LeadQuery {
  readonly seasonId: string;
  readonly state?: readonly string[] | undefined;
  readonly recruiter?: string | undefined;
  readonly recruiterId: string | null;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export type LeadLine = Omit<LeadRow, 'phoneMasked'> & {
  readonly phone: Buffer | null;
  readonly recruiterId: string;
};

/** Newest first; ids are time-ordered. Names are in clear: the service masks them. */
export async function readLeads(ctx: Ctx, query: LeadQuery): Promise<{ items: LeadLine[]; total: number }> {
  const where = sql`l.tenant_id = ${ctx.tenantId} and l.season_id = ${query.seasonId}
    ${query.recruiterId === null ? sql`` : sql`and l.recruiter_id = ${query.recruiterId}`}
    ${query.state ? sql`and l.state = any(${[...query.state]}::text[])` : sql``}
    ${query.recruiter ? sql`and u.name like ${`%${query.recruiter.replace(/[\\%_]/g, '\\$&')}%`}` : sql``}`;
  const joined = sql`lead l join user_account u on u.tenant_id = l.tenant_id and u.id = l.recruiter_id`;
  const { rows } = await sql<LeadLine>`
    select l.id, l.name, l.candidate_no as "candidateNo", l.phone, l.recruiter_id as "recruiterId", u.name as "recruiterName",
      r.name as "registeredByName", l.source, l.registered_at as "registeredAt", l.state, l.dispute,
      l.void_reason as "voidReason", l.settle_reason as "settleReason", c.name as "candidateName",
      case when l.candidate_id is not null then (
        select h.name from lead o join user_account h on h.tenant_id = o.tenant_id and h.id = o.recruiter_id
        where o.tenant_id = l.tenant_id and o.season_id = l.season_id and o.state = 'matched'
          and o.candidate_id = l.candidate_id)
      when l.dispute = 'later' then (
        select h.name from lead o join user_account h on h.tenant_id = o.tenant_id and h.id = o.recruiter_id
        where ${standsBefore} order by o.registered_at, o.id limit 1) end as "holderName"
    from ${joined}
    join user_account r on r.tenant_id = l.tenant_id and r.id = l.registered_by
    left join candidate c on c.tenant_id = l.tenant_id and c.id = l.candidate_id
    where ${where} ${query.cursor ? sql`and l.id < ${query.cursor}::uuid` : sql``}
    order by l.id desc limit ${query.limit + 1}`.execute(ctx.tx);
  const count = await sql<{
    total: number;
  }>`select count(*)::int as total from ${joined} where ${where}`.execute(ctx.tx);
  return { items: rows, total: count.rows[0]?.total ?? 0 };
}

interface LockedLead {
  readonly id: string;
  readonly state: LeadState;
  readonly dispute: Dispute | null;
  readonly candidateId: string | null;
}

export async function lockLead(ctx: Ctx, id: string): Promise<LockedLead | null> {
  const { rows } = await sql<LockedLead>`
    select id, state, dispute, candidate_id as "candidateId" from lead
    where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(ctx.tx);
  return rows[0] ?? null;
}

export async function voidLeads(ctx: Ctx, ids: readonly string[], reason: string): Promise<void> {
  await sql`update lead set state = 'void', dispute = null, void_reason = ${maskText(reason)}, settled_by = ${ctx.actor.userId},
      settled_at = ${new Date(ctx.now)}, settle_reason = ${maskText(reason)}
    where tenant_id = ${ctx.tenantId} and id = any(${[...ids]}::uuid[])`.execute(ctx.tx);
}

/** Whether `o` registers the student of `l` and stands: by any of the facts, as in `readSame`. */
const standsBefore = sql`o.tenant_id = l.tenant_id and o.season_id = l.season_id and o.id <> l.id and o.state in ('open', 'matched')
  and (o.candidate_no = l.candidate_no or o.id_blind = l.id_blind or (o.name = l.name and o.phone_blind = l.phone_blind))`;

export interface Holder {
  readonly id: string;
  /** Null before the list of the filed is here. */
  readonly candidateId: string | null;
}

/** The registrations that hold the student of this one, locked: of the same candidate, or of the same person before there is one. */
export async function holdersOf(ctx: Ctx, id: string): Promise<Holder[]> {
  const { rows } = await sql<Holder>`
    select o.id, o.candidate_id as "candidateId" from lead l
    join lead o on (o.tenant_id = l.tenant_id and o.season_id = l.season_id and o.state = 'matched' and o.candidate_id = l.candidate_id)
      or (l.candidate_id is null and l.dispute = 'later' and ${standsBefore})
    where l.tenant_id = ${ctx.tenantId} and l.id = ${id} order by o.registered_at, o.id for update of o`.execute(
    ctx.tx,
  );
  return rows;
}

/** Gives the candidate to this registration; without one it waits for the list like any other. */
export async function acceptLead(
  ctx: Ctx,
  id: string,
  { candidateId, reason }: { candidateId: string | null; reason: string },
): Promise<void> {
  const at = new Date(ctx.now);
  await sql`update lead set state = ${candidateId === null ? 'open' : 'matched'}, dispute = null, candidate_id = ${candidateId},
      matched_at = ${candidateId === null ? null : at}::timestamptz, settled_by = ${ctx.actor.userId}, settled_at = ${new Date(ctx.now)}, settle_reason = ${maskText(reason)}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
}

/** Accounts by name of login or staff number. */
export async function accountsBy(ctx: Ctx, names: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ key: string; id: string }>`
    select u.username as key, u.id from user_account u
    where u.tenant_id = ${ctx.tenantId} and u.username = any(${[...names]}::text[])
    union all
    select p.staff_no, p.user_id from staff_profile p
    where p.tenant_id = ${ctx.tenantId} and p.staff_no = any(${[...names]}::text[])`.execute(ctx.tx);
  return new Map(rows.map(({ key, id }) => [key, id]));
}
