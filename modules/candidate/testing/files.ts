import { sql } from 'kysely';
import type { CandidateId } from '#candidate';
import { maskIdNumber } from '#candidate/rules';
import type { Ctx } from '#platform/db/tenant';
import { newId, type TenantId, type UserId } from '#platform/ids';
import { nameKeys } from '#platform/pinyin';
import type { World } from '#platform/testing/app';

/** A small season for tests of candidates: one batch, two provinces. */
export interface TestSeason {
  readonly seasonId: string;
  readonly batchId: string;
  readonly policies: Readonly<Record<string, string>>;
}

export async function makeSeason(ctx: Ctx): Promise<TestSeason> {
  const { tenantId, tx } = ctx;
  const [seasonId, batchId] = [newId(), newId()];
  await sql`insert into season (tenant_id, id, name, year, college_name, home_area_code)
    values (${tenantId}, ${seasonId}, '2026 招生季', 2026, '测试学院', '028')`.execute(tx);
  await sql`insert into batch (tenant_id, id, season_id, code, name, level)
    values (${tenantId}, ${batchId}, ${seasonId}, '1', '本科批', 'undergraduate')`.execute(tx);
  const policies: Record<string, string> = {};
  for (const province of ['51', '65']) {
    const id = newId();
    policies[province] = id;
    await sql`insert into province_policy (tenant_id, id, season_id, province_code, batch_id, withdrawable, phone_shielded)
      values (${tenantId}, ${id}, ${seasonId}, ${province}, ${batchId}, ${province === '51'}, false)`.execute(
      tx,
    );
  }
  return { seasonId, batchId, policies };
}

let count = 0;

export interface TestFile {
  readonly name?: string;
  readonly province?: '51' | '65';
  readonly idNumber?: string;
  readonly minorUntil?: string;
  readonly score?: number;
}

export async function addFile(ctx: Ctx, season: TestSeason, file: TestFile = {}): Promise<CandidateId> {
  count += 1;
  const id = newId<CandidateId>();
  const {
    name = '张小明',
    province = '51',
    idNumber = '11010519491231002X',
    minorUntil = null,
    score = 520,
  } = file;
  const { key, initials } = nameKeys(name);
  const secret = JSON.stringify({ idNumber, address: '四川省成都市金堂县赵镇某街 1 号', recipient: name });
  await sql`insert into candidate (tenant_id, id, season_id, candidate_no, province_code, batch_id, policy_id, import_id, name, name_key,
      name_initials, id_blind, id_masked, minor_until, private, major_name, score, scores, preferences, content_hash)
    values (${ctx.tenantId}, ${id}, ${season.seasonId}, ${`26${province}${String(count).padStart(10, '0')}`}, ${province}, ${season.batchId},
      ${season.policies[province] ?? null}, ${newId()}, ${name}, ${key}, ${initials}, ${ctx.vault.blind(idNumber)},
      ${maskIdNumber(idNumber)}, ${minorUntil}, ${ctx.vault.seal(secret)}, '护理学', ${score}, '{"语文": 101}', '[]', '\\x00')`.execute(
    ctx.tx,
  );
  return id;
}

/** A case as the follow-up would have opened it. Written by the owner of the schema, since nobody else may. */
export async function addCase(
  world: World,
  of: {
    tenantId: TenantId;
    season: TestSeason;
    candidateId: CandidateId;
    ownerId: UserId;
    groupId?: string;
    contacts?: number;
    final?: boolean;
    province?: string;
  },
): Promise<void> {
  const { final = false, contacts = 0 } = of;
  await sql`insert into follow_up_case (tenant_id, id, season_id, policy_id, candidate_id, phase, owner_id, group_id, state, result, due_at,
      attempts, contacts, event_hash, created_at, updated_at)
    values (${of.tenantId}, ${newId()}, ${of.season.seasonId}, ${of.season.policies[of.province ?? '51'] ?? null}, ${of.candidateId}, 'filing', ${of.ownerId},
      ${of.groupId ?? null}, ${final ? 'final' : 'ready'}, ${final ? 'admitted' : null}, ${final ? null : new Date('2026-07-18T01:00:00Z')},
      ${contacts}, ${contacts}, '\\x00', now(), now())`.execute(world.owner.kysely);
}

export async function addGroup(ctx: Ctx, leaderId: UserId, memberIds: readonly UserId[]): Promise<string> {
  const id = newId();
  await sql`insert into staff_group (tenant_id, id, name, leader_id) values (${ctx.tenantId}, ${id}, ${`第 ${id.slice(-4)} 组`}, ${leaderId})`.execute(
    ctx.tx,
  );
  for (const userId of [leaderId, ...memberIds]) {
    await sql`insert into staff_profile (tenant_id, user_id, group_id) values (${ctx.tenantId}, ${userId}, ${id})`.execute(
      ctx.tx,
    );
  }
  return id;
}
