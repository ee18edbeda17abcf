import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { type Instant, newId, toDate } from '#platform/ids';
import { maskText } from '#platform/personal-text';
import type { CandidateId, PhoneId } from './ids.ts';
import type { Evidence, MergeSide } from './merge.rules.ts';

export interface OpenMerge {
  readonly id: string;
  readonly otherNo: string;
  readonly reason: string;
  readonly mergedAt: Instant;
}

/** The merge that still holds and in which this file was kept or merged away, the newest. */
export async function openMergeOf(ctx: Ctx, id: CandidateId): Promise<OpenMerge | null> {
  const { rows } = await sql<OpenMerge>`
    select m.id, o.candidate_no as "otherNo", m.reason, m.merged_at as "mergedAt" from candidate_merge m
    join candidate o on o.tenant_id = m.tenant_id and o.id = case when m.kept_id = ${id} then m.merged_id else m.kept_id end
    where m.tenant_id = ${ctx.tenantId} and (m.kept_id = ${id} or m.merged_id = ${id}) and m.undone_at is null
    order by m.merged_at desc limit 1`.execute(ctx.tx);
  return rows[0] ?? null;
}

export interface LockedSide extends MergeSide {
  readonly id: CandidateId;
}

/** Both files, held in one order whichever is kept, with what the rules ask of their cases. Reads follow_up_case. */
export async function lockSides(ctx: Ctx, ids: readonly CandidateId[]): Promise<LockedSide[]> {
  await sql`select id from candidate where tenant_id = ${ctx.tenantId} and id = any(${[...ids]}::uuid[]) order by id for update`.execute(
    ctx.tx,
  );
  const { rows } = await sql<LockedSide>`
    select c.id, c.candidate_no as "candidateNo", c.season_id as "seasonId", c.merged_into as "mergedInto", c.exam_state as "examState",
      coalesce(f.contacts, 0) as contacts, coalesce(f.open, 0) as "openCases"
    from candidate c left join lateral (
      select sum(f.attempts)::int as contacts, count(*) filter (where f.state <> 'final')::int as open
      from follow_up_case f where f.tenant_id = c.tenant_id and f.candidate_id = c.id
    ) f on true
    where c.tenant_id = ${ctx.tenantId} and c.id = any(${[...ids]}::uuid[])`.execute(ctx.tx);
  return rows;
}

export async function evidenceOf(ctx: Ctx, one: CandidateId, other: CandidateId): Promise<Evidence> {
  const { rows } = await sql<Evidence>`
    select coalesce(a.id_blind = b.id_blind, false) as "sameId", a.name = b.name as "sameName",
      exists (select from candidate_phone x join candidate_phone y on y.tenant_id = x.tenant_id and y.phone_id = x.phone_id
        where x.tenant_id = a.tenant_id and x.candidate_id = a.id and y.candidate_id = b.id
          and x.detached_at is null and y.detached_at is null) as "samePhone"
    from candidate a join candidate b on b.tenant_id = a.tenant_id and b.id = ${other}
    where a.tenant_id = ${ctx.tenantId} and a.id = ${one}`.execute(ctx.tx);
  return rows[0] ?? { sameId: false, sameName: false, samePhone: false };
}

/** Other files of the season that may be the same person, by ID number or by name and number; at most ten. */
export async function readDoubles(ctx: Ctx, id: CandidateId): Promise<CandidateId[]> {
  const { rows } = await sql<{ id: CandidateId }>`
    with me as (select * from candidate where tenant_id = ${ctx.tenantId} and id = ${id})
    select c.id from me join candidate c on c.tenant_id = ${ctx.tenantId} and c.id_blind = me.id_blind and c.season_id = me.season_id
      where c.id <> me.id and c.merged_into is null
    union
    select c.id from me
      join candidate_phone x on x.tenant_id = ${ctx.tenantId} and x.candidate_id = me.id and x.detached_at is null
      join candidate_phone y on y.tenant_id = ${ctx.tenantId} and y.phone_id = x.phone_id and y.candidate_id <> me.id and y.detached_at is null
      join candidate c on c.tenant_id = ${ctx.tenantId} and c.id = y.candidate_id and c.season_id = me.season_id and c.name = me.name
      where c.merged_into is null
    limit 10`.execute(ctx.tx);
  return rows.map((row) => row.id);
}

/** What a merge moved, so that it can be put back exactly. */
export interface Moved {
  readonly phones: readonly PhoneId[];
  readonly signals: readonly string[];
}

/** Copies numbers and signals that the kept file lacks, and marks the other as merged into it. */
export async function moveInto(ctx: Ctx, kept: CandidateId, merged: CandidateId): Promise<Moved> {
  const phones = await sql<{ id: PhoneId }>`
    insert into candidate_phone (tenant_id, candidate_id, phone_id, relation, source, basis, position, contact_name, informant, added_by, added_at)
    select x.tenant_id, ${kept}, x.phone_id, x.relation, x.source, x.basis,
      x.position + (select coalesce(max(position), 0) from candidate_phone where tenant_id = ${ctx.tenantId} and candidate_id = ${kept}),
      x.contact_name, x.informant, ${ctx.actor.userId}, ${toDate(ctx.now)}
    from candidate_phone x where x.tenant_id = ${ctx.tenantId} and x.candidate_id = ${merged} and x.detached_at is null
    on conflict do nothing returning phone_id as id`.execute(ctx.tx);
  const signals = await sql<{ code: string }>`
    insert into candidate_signal (tenant_id, season_id, candidate_id, code, marked_by, marked_at)
    select tenant_id, season_id, ${kept}, code, marked_by, marked_at from candidate_signal where tenant_id = ${ctx.tenantId} and candidate_id = ${merged}
    on conflict do nothing returning code`.execute(ctx.tx);
  await setMergedInto(ctx, merged, kept);
  await refreshNoPhone(ctx, kept);
  return { phones: phones.rows.map(({ id }) => id), signals: signals.rows.map(({ code }) => code) };
}

/** Takes back what a merge brought; what was dialled or corrected meanwhile stays on the numbers themselves. */
export async function moveBack(
  ctx: Ctx,
  kept: CandidateId,
  merged: CandidateId,
  moved: Moved,
): Promise<void> {
  await sql`delete from candidate_phone where tenant_id = ${ctx.tenantId} and candidate_id = ${kept} and phone_id = any(${[...moved.phones]}::uuid[])`.execute(
    ctx.tx,
  );
  await sql`delete from candidate_signal where tenant_id = ${ctx.tenantId} and candidate_id = ${kept} and code = any(${[...moved.signals]}::text[])`.execute(
    ctx.tx,
  );
  await setMergedInto(ctx, merged, null);
  await refreshNoPhone(ctx, kept);
}

async function setMergedInto(ctx: Ctx, id: CandidateId, into: CandidateId | null): Promise<void> {
  await sql`update candidate set merged_into = ${into}, updated_at = ${toDate(ctx.now)} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
    ctx.tx,
  );
}

async function refreshNoPhone(ctx: Ctx, id: CandidateId): Promise<void> {
  await sql`update candidate c set no_phone = not exists (select from candidate_phone x
      where x.tenant_id = c.tenant_id and x.candidate_id = c.id and x.detached_at is null)
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
}

export async function insertMerge(
  ctx: Ctx,
  given: { kept: CandidateId; merged: CandidateId; moved: Moved; reason: string },
): Promise<string> {
  const id = newId();
  await sql`insert into candidate_merge (tenant_id, id, kept_id, merged_id, moved, reason, merged_by, merged_at)
    values (${ctx.tenantId}, ${id}, ${given.kept}, ${given.merged}, ${JSON.stringify(given.moved)}::jsonb, ${maskText(given.reason)}, ${ctx.actor.userId}, ${toDate(ctx.now)})`.execute(
    ctx.tx,
  );
  return id;
}

export interface MergeRow {
  readonly kept: CandidateId;
  readonly merged: CandidateId;
  readonly moved: Moved;
}

/** A merge that still holds, locked. */
export async function lockMerge(ctx: Ctx, id: string): Promise<MergeRow | null> {
  const { rows } = await sql<MergeRow>`
    select kept_id as kept, merged_id as merged, moved from candidate_merge
    where tenant_id = ${ctx.tenantId} and id = ${id} and undone_at is null for update`.execute(ctx.tx);
  return rows[0] ?? null;
}

export async function markUndone(ctx: Ctx, id: string): Promise<void> {
  await sql`update candidate_merge set undone_at = ${toDate(ctx.now)}, undone_by = ${ctx.actor.userId}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
}
