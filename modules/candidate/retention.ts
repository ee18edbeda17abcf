import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { removeFile } from '#platform/files/files';
import type { FileStore } from '#platform/files/store';
import { changedRows, type RetentionRule } from '#platform/retention';
import { seasonsEndedBefore } from '#season';
import { FORGOTTEN } from './rules.ts';

const ANONYMOUS = '已匿名';

/** What ends in the candidate files: numbers soon after the season, the person in them after the years of proof. */
export const candidateRetention: readonly RetentionRule[] = [
  {
    id: 'phones',
    label: '已结束招生季考生的电话号码删除（勿再来电的号码只留不可还原的标记）',
    since: '招生季结束',
    days: { standard: 180, min: 0 },
    run: async (ctx, { before }) => forgetPhones(ctx, await seasonsEndedBefore(ctx, before)),
  },
  {
    id: 'barred_numbers',
    label: '登记了勿拨、不在任何档案里的号码删除（仍在勿拨的只留不可还原的标记）',
    since: '登记',
    days: { standard: 180, min: 0 },
    run: (ctx, { before }) => forgetBarred(ctx, before),
  },
  {
    id: 'candidates',
    label: '已结束招生季考生的姓名、证件、地址、照片和备注删除，只留统计用的项目',
    since: '招生季结束',
    days: { standard: 1095, min: 183 },
    run: async (ctx, { before, files }) => forgetPeople(ctx, files, await seasonsEndedBefore(ctx, before)),
  },
  {
    id: 'reveals',
    label: '查看脱敏信息的登记删除',
    since: '查看',
    days: { standard: 1095, min: 183 },
    run: (ctx, { before }) =>
      changedRows(
        ctx,
        sql`delete from reveal where tenant_id = ${ctx.tenantId} and at < ${new Date(before)}`,
      ),
  },
];

/** Numbers that nobody of another season has. A number not to be called keeps its keyed hash, or it would be called again. */
async function forgetPhones(ctx: Ctx, seasonIds: readonly string[]): Promise<number> {
  if (seasonIds.length === 0) return 0;
  return changedRows(
    ctx,
    sql`update phone p set ${forgotten(ctx)}
      where p.tenant_id = ${ctx.tenantId} and p.masked <> ${FORGOTTEN}
        and exists (select from candidate_phone k where k.tenant_id = p.tenant_id and k.phone_id = p.id)
        and not exists (select from candidate_phone k join candidate c on c.tenant_id = k.tenant_id and c.id = k.candidate_id
          where k.tenant_id = p.tenant_id and k.phone_id = p.id and c.season_id <> all(${[...seasonIds]}::uuid[]))`,
  );
}

/** Barred by hand, and in no file: whoever asked the college to stop has no season that ends. */
const forgetBarred = (ctx: Ctx, before: number): Promise<number> =>
  changedRows(
    ctx,
    sql`update phone p set ${forgotten(ctx)}
      where p.tenant_id = ${ctx.tenantId} and p.masked <> ${FORGOTTEN}
        and exists (select from do_not_call d where d.tenant_id = p.tenant_id and d.phone_id = p.id)
        and not exists (select from do_not_call d where d.tenant_id = p.tenant_id and d.phone_id = p.id
          and d.set_at >= ${new Date(before)})
        and not exists (select from candidate_phone k where k.tenant_id = p.tenant_id and k.phone_id = p.id)`,
  );

/** The digits go; of a number that is barred the keyed hash stays. */
function forgotten(ctx: Ctx) {
  const barred = sql`exists (select from do_not_call d where d.tenant_id = p.tenant_id and d.phone_id = p.id and d.lifted_at is null)`;
  return sql`number = ${ctx.vault.seal('')}, masked = ${FORGOTTEN}, area_code = null,
    state = case when ${barred} then 'do_not_call' else 'dead' end,
    number_blind = case when ${barred} then number_blind else sha256(uuid_send(p.id) || ${randomBytes(32)}::bytea) end`;
}

async function forgetPeople(ctx: Ctx, files: FileStore, seasonIds: readonly string[]): Promise<number> {
  if (seasonIds.length === 0) return 0;
  const ids = sql`select c.id from candidate c where c.tenant_id = ${ctx.tenantId} and c.season_id = any(${[...seasonIds]}::uuid[])`;
  const photos = await sql<{ fileId: string }>`
    select f.id as "fileId" from candidate c join stored_file f on f.tenant_id = c.tenant_id and f.id = c.photo_file_id
    where c.tenant_id = ${ctx.tenantId} and c.season_id = any(${[...seasonIds]}::uuid[]) and f.removed_at is null`.execute(
    ctx.tx,
  );
  for (const { fileId } of photos.rows) await removeFile(ctx, files, fileId);
  await changedRows(
    ctx,
    sql`delete from candidate_note where tenant_id = ${ctx.tenantId} and candidate_id in (${ids})`,
    sql`update candidate_phone set contact_name = null where tenant_id = ${ctx.tenantId} and contact_name is not null and candidate_id in (${ids})`,
    sql`update candidate_wish set major_wish = null where tenant_id = ${ctx.tenantId} and major_wish is not null and candidate_id in (${ids})`,
    sql`delete from candidate_signal where tenant_id = ${ctx.tenantId} and candidate_id in (${ids})`,
  );
  return changedRows(
    ctx,
    // The number of a candidate is an identifier as well: a running one in its place keeps rows apart and names nobody.
    sql`with numbered as (
        select id, row_number() over (partition by season_id order by id) as n from candidate
        where tenant_id = ${ctx.tenantId} and season_id = any(${[...seasonIds]}::uuid[]))
      update candidate c set name = ${ANONYMOUS}, name_key = '', name_initials = '', birth_date = null, minor_until = null,
        id_blind = null, id_masked = null, private = null, photo_file_id = null, raw = '{}', codes = '{}', scores = '{}',
        candidate_no = '0000' || lpad(numbered.n::text, 10, '0'), content_hash = ''::bytea
      from numbered where c.tenant_id = ${ctx.tenantId} and c.id = numbered.id and c.name <> ${ANONYMOUS}`,
  );
}
