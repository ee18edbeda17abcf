import { sql } from 'kysely';
import { prepared } from '#platform/db/pool';
import type { Ctx } from '#platform/db/tenant';
import { shanghaiDay } from '#platform/shanghai';
import type { CandidateRow } from './list.contract.ts';
import type { Missing } from './list.rules.ts';

type StoredRow = Omit<CandidateRow, 'missing'> & Readonly<Record<`missing_${Missing}`, boolean>>;

/**
 * The rows of one page, in the order given; the name still in clear. Reads follow_up_case of #follow-up, batch and province_policy of
 * #season, user_account, staff_group. Prepared: to plan it takes several times as long as to run it, whatever the ids.
 */
export async function readRows(
  ctx: Ctx,
  ids: readonly string[],
  of: { seasonId: string; phase: string },
): Promise<CandidateRow[]> {
  const { rows } = await sql<StoredRow>`${prepared}
    select c.id, c.candidate_no as "candidateNo", c.name, c.province_code as "provinceCode", b.name as "batchName", c.category,
      c.major_name as "majorName", c.school_name as "schoolName", c.preference_rank as "preferenceRank", c.score, p.withdrawable,
      coalesce(c.minor_until > ${shanghaiDay(ctx.now)}::date, false) as minor,
      c.no_phone as missing_phone, c.name_lost as missing_name, c.id_bad as missing_id,
      array(select s.code from candidate_signal s where s.tenant_id = c.tenant_id and s.candidate_id = c.id order by s.code) as signals,
      c.pathway,
      coalesce(t.phones, 0) as phones, t.phone, f.id as "caseId", f.state, f.disposition, f.result, u.name as "ownerName",
      g.name as "groupName", f.due_at as "dueAt", f.deadline_at as "deadlineAt", coalesce(f.attempts, 0) as attempts,
      coalesce(f.contacts, 0) as contacts, f.last_attempt_at as "lastAttemptAt"
    from unnest(${[...ids]}::uuid[]) with ordinality as wanted(id, place)
    join candidate c on c.tenant_id = ${ctx.tenantId} and c.id = wanted.id
    join batch b on b.tenant_id = c.tenant_id and b.id = c.batch_id
    left join province_policy p on p.tenant_id = c.tenant_id and p.id = c.policy_id
    left join follow_up_case f on f.tenant_id = c.tenant_id and f.season_id = ${of.seasonId} and f.candidate_id = c.id and f.phase = ${of.phase}
    left join user_account u on u.tenant_id = f.tenant_id and u.id = f.owner_id
    left join staff_group g on g.tenant_id = f.tenant_id and g.id = f.group_id
    left join lateral (
      select count(*)::int as phones, (array_agg(o.masked order by x.position, x.added_at))[1] as phone
      from candidate_phone x join phone o on o.tenant_id = x.tenant_id and o.id = x.phone_id
      where x.tenant_id = c.tenant_id and x.candidate_id = c.id and x.detached_at is null
    ) t on true
    order by wanted.place`.execute(ctx.tx);
  return rows.map(({ missing_phone, missing_name, missing_id, ...row }) => {
    const flags: readonly (readonly [Missing, boolean])[] = [
      ['phone', missing_phone],
      ['name', missing_name],
      ['id', missing_id],
    ];
    return { ...row, missing: flags.filter(([, is]) => is).map(([flag]) => flag) };
  });
}
