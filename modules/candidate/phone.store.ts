import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { prepared } from '#platform/db/pool';
import type { Ctx } from '#platform/db/tenant';
import { type Instant, newId, toDate, type UserId } from '#platform/ids';
import { maskText } from '#platform/personal-text';
import type { CandidateId, PhoneId } from './ids.ts';
import { FORGOTTEN, type PhoneCondition, type PhoneState, type Relation } from './rules.ts';

/** A number of a candidate as everybody may see it. */
export interface CandidatePhone {
  readonly phoneId: PhoneId;
  readonly masked: string;
  readonly kind: 'mobile' | 'landline';
  /** 0731 and the like: of the landline, or of the mobile's prefix when the table knows it. */
  readonly areaCode: string | null;
  readonly relation: Relation;
  /** Where the number came from: a field of the delivery, the candidate, the playbook. */
  readonly source: string;
  readonly basis: string | null;
  /** Dial order, from 1. */
  readonly position: number;
  readonly contactName: string | null;
  /** Neighbour, village committee, school: say only 请考生回电. */
  readonly informant: boolean;
  readonly state: PhoneState;
  readonly stateAt: Instant | null;
  readonly vacantHits: number;
  readonly retests: number;
  readonly retestAfter: Instant | null;
  readonly lastDialledAt: Instant | null;
  /** Day of `dialledToday`; another day than today means 0. */
  readonly dialledOn: string | null;
  readonly dialledToday: number;
  readonly addedBy: UserId | null;
  readonly addedAt: Instant;
  readonly detachedAt: Instant | null;
  readonly detachedReason: string | null;
  /** How many other candidates have the same number; a file that is merged away is no other candidate. */
  readonly sharedWith: number;
}

interface PhoneRow extends CandidatePhone {
  readonly sealed: Buffer;
}

const columns = sql`
  p.id as "phoneId", p.masked, p.kind, p.area_code as "areaCode", cp.relation, cp.source, cp.basis, cp.position,
  cp.contact_name as "contactName", cp.informant, p.state, p.state_at as "stateAt", p.vacant_hits as "vacantHits", p.retests,
  p.retest_after as "retestAfter", p.last_dialled_at as "lastDialledAt", p.dialled_on as "dialledOn",
  p.dialled_today as "dialledToday", cp.added_by as "addedBy", cp.added_at as "addedAt", cp.detached_at as "detachedAt",
  cp.detached_reason as "detachedReason", p.number as sealed,
  (select count(*)::int from candidate_phone o
    join candidate oc on oc.tenant_id = o.tenant_id and oc.id = o.candidate_id and oc.merged_into is null
    where o.tenant_id = cp.tenant_id and o.phone_id = cp.phone_id and o.candidate_id <> cp.candidate_id
      and o.detached_at is null) as "sharedWith"`;

/** Numbers of a candidate in dial order; detached ones last and only when asked for. */
export async function readPhones(
  ctx: Ctx,
  candidateId: CandidateId,
  { detached = false }: { detached?: boolean } = {},
): Promise<PhoneRow[]> {
  const { rows } = await sql<PhoneRow>`${prepared}
    select ${columns} from candidate_phone cp join phone p on p.tenant_id = cp.tenant_id and p.id = cp.phone_id
    where cp.tenant_id = ${ctx.tenantId} and cp.candidate_id = ${candidateId} ${detached ? sql`` : sql`and cp.detached_at is null`}
    order by cp.detached_at nulls first, cp.position, cp.added_at, p.id`.execute(ctx.tx);
  return rows;
}

/** A number of the tenant by its normal form, or made new. One row a number, whoever shares it. */
export async function ensurePhone(
  ctx: Ctx,
  given: { number: string; masked: string; kind: 'mobile' | 'landline'; areaCode: string | null },
): Promise<PhoneId> {
  const blind = ctx.vault.blind(given.number);
  const { rows } = await sql<{ id: PhoneId }>`
    with made as (
      insert into phone (tenant_id, id, number, number_blind, masked, kind, area_code)
      values (${ctx.tenantId}, ${newId<PhoneId>()}, ${ctx.vault.seal(given.number)}, ${blind}, ${given.masked}, ${given.kind}, ${given.areaCode})
      on conflict (tenant_id, number_blind) do nothing returning id
    ) select id from made
    union all select id from phone where tenant_id = ${ctx.tenantId} and number_blind = ${blind} limit 1`.execute(
    ctx.tx,
  );
  return rows[0]?.id ?? (await phoneOf(ctx, blind));
}

/** Another transaction made it while we waited: its row is visible to a new statement only. */
async function phoneOf(ctx: Ctx, blind: Buffer): Promise<PhoneId> {
  const { rows } = await sql<{ id: PhoneId }>`
    select id from phone where tenant_id = ${ctx.tenantId} and number_blind = ${blind}`.execute(ctx.tx);
  if (!rows[0]) throw new Error('phone vanished');
  return rows[0].id;
}

export interface Attachment {
  readonly candidateId: CandidateId;
  readonly phoneId: PhoneId;
  readonly relation: Relation;
  readonly source: string;
  readonly basis: string | null;
  readonly contactName: string | null;
  readonly informant: boolean;
}

/** Ties a number to a candidate at the end of the dial order, or ties a detached one again. */
export async function attachPhone(ctx: Ctx, given: Attachment): Promise<void> {
  await sql`
    insert into candidate_phone (tenant_id, candidate_id, phone_id, relation, source, basis, position, contact_name, informant, added_by, added_at)
    values (${ctx.tenantId}, ${given.candidateId}, ${given.phoneId}, ${given.relation}, ${maskText(given.source)}, ${maskText(given.basis)},
      (select coalesce(max(position), 0) + 1 from candidate_phone where tenant_id = ${ctx.tenantId} and candidate_id = ${given.candidateId}),
      ${maskText(given.contactName)}, ${given.informant}, ${ctx.actor.userId}, ${toDate(ctx.now)})
    on conflict (tenant_id, candidate_id, phone_id) do update set relation = excluded.relation, source = excluded.source,
      basis = excluded.basis, contact_name = coalesce(excluded.contact_name, candidate_phone.contact_name),
      informant = excluded.informant, detached_at = null, detached_reason = null`.execute(ctx.tx);
  await sql`update candidate set no_phone = false where tenant_id = ${ctx.tenantId} and id = ${given.candidateId} and no_phone`.execute(
    ctx.tx,
  );
}

export async function detach(
  ctx: Ctx,
  at: { candidateId: CandidateId; phoneId: PhoneId },
  reason: string,
): Promise<void> {
  await sql`update candidate_phone set detached_at = ${toDate(ctx.now)}, detached_reason = ${maskText(reason)}
    where tenant_id = ${ctx.tenantId} and candidate_id = ${at.candidateId} and phone_id = ${at.phoneId} and detached_at is null`.execute(
    ctx.tx,
  );
  await sql`update candidate c set no_phone = true where tenant_id = ${ctx.tenantId} and id = ${at.candidateId} and not exists (
      select from candidate_phone cp where cp.tenant_id = c.tenant_id and cp.candidate_id = c.id and cp.detached_at is null)`.execute(
    ctx.tx,
  );
}

/** Reads the condition of a number and holds its row until the transaction ends. */
export async function lockPhone(ctx: Ctx, phoneId: PhoneId): Promise<PhoneCondition | null> {
  const { rows } = await sql<PhoneCondition>`${prepared}
    select state, state_at as "stateAt", vacant_hits as "vacantHits", retests, retest_after as "retestAfter"
    from phone where tenant_id = ${ctx.tenantId} and id = ${phoneId} for no key update`.execute(ctx.tx);
  return rows[0] ?? null;
}

export async function saveCondition(ctx: Ctx, phoneId: PhoneId, next: PhoneCondition): Promise<void> {
  await sql`${prepared}update phone set state = ${next.state}, state_at = ${stamp(next.stateAt)}, vacant_hits = ${next.vacantHits},
      retests = ${next.retests}, retest_after = ${stamp(next.retestAfter)}
    where tenant_id = ${ctx.tenantId} and id = ${phoneId}`.execute(ctx.tx);
}

/** Puts back what was before an attempt; 勿拨 that was set in between stays. */
export async function restoreCondition(ctx: Ctx, phoneId: PhoneId, before: PhoneCondition): Promise<void> {
  const now = await lockPhone(ctx, phoneId);
  if (now !== null && now.state !== 'do_not_call') await saveCondition(ctx, phoneId, before);
}

/**
 * A number whose digits have been removed after its season: nobody could dial it, and its hash alone would keep the number from being
 * delivered anew. False: the number is there.
 */
export async function releaseForgotten(ctx: Ctx, phoneId: PhoneId): Promise<boolean> {
  const { rows } = await sql`
    update phone set number_blind = sha256(uuid_send(id) || ${randomBytes(32)}::bytea), state = 'dead', retest_after = null
    where tenant_id = ${ctx.tenantId} and id = ${phoneId} and masked = ${FORGOTTEN} returning id`.execute(
    ctx.tx,
  );
  return rows.length > 0;
}

const stamp = (at: Instant | null): Date | null => (at === null ? null : toDate(at));

/** Counts a dial of the number today. */
export async function countDial(ctx: Ctx, phoneId: PhoneId, day: string): Promise<void> {
  await sql`${prepared}update phone set last_dialled_at = ${toDate(ctx.now)}, dialled_on = ${day}::date,
      dialled_today = case when dialled_on = ${day}::date then dialled_today + 1 else 1 end
    where tenant_id = ${ctx.tenantId} and id = ${phoneId}`.execute(ctx.tx);
}

/** Takes back the last count of a dial, when the attempt is undone. */
export async function uncountDial(ctx: Ctx, phoneId: PhoneId, day: string): Promise<void> {
  await sql`update phone set dialled_today = greatest(0, dialled_today - 1)
    where tenant_id = ${ctx.tenantId} and id = ${phoneId} and dialled_on = ${day}::date`.execute(ctx.tx);
}

/** Area code of a mobile by the longest known prefix of 3 to 7 digits; null when the table does not know it. */
export async function areaOfMobile(ctx: Ctx, national: string): Promise<string | null> {
  const prefixes = [7, 6, 5, 4, 3].map((length) => national.slice(0, length));
  const { rows } = await sql<{ areaCode: string }>`
    select area_code as "areaCode" from area_prefix where tenant_id = ${ctx.tenantId} and prefix = any(${prefixes})
    order by length(prefix) desc limit 1`.execute(ctx.tx);
  return rows[0]?.areaCode ?? null;
}

/** Corrects what is known of a number of a candidate; `first` puts it at the head of the dial order. */
export async function correctPhone(
  ctx: Ctx,
  at: { candidateId: CandidateId; phoneId: PhoneId },
  next: { relation: Relation; contactName: string | null; informant: boolean; first: boolean },
): Promise<void> {
  if (next.first) {
    await sql`update candidate_phone set position = position + 1
      where tenant_id = ${ctx.tenantId} and candidate_id = ${at.candidateId}`.execute(ctx.tx);
  }
  await sql`update candidate_phone set relation = ${next.relation}, contact_name = ${maskText(next.contactName)}, informant = ${next.informant}
      ${next.first ? sql`, position = 1` : sql``}
    where tenant_id = ${ctx.tenantId} and candidate_id = ${at.candidateId} and phone_id = ${at.phoneId}`.execute(
    ctx.tx,
  );
}
