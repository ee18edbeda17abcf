import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';

export interface Approval {
  readonly name: string;
  readonly at: number;
}

/** Who approved that the candidate is followed up, and when: the newest assignment by a named person, a release counting as one. */
export async function approvalOf(ctx: Ctx, candidateId: string): Promise<Approval | null> {
  const { rows } = await sql<Approval>`
    select u.name, a.at from follow_up_case c
    join assignment a on a.tenant_id = c.tenant_id and a.case_id = c.id
    left join assignment_run r on r.tenant_id = a.tenant_id and r.id = a.run_id
    join user_account u on u.tenant_id = a.tenant_id and u.id = coalesce(r.released_by, a.by_id)
    where c.tenant_id = ${ctx.tenantId} and c.candidate_id = ${candidateId}
    order by a.at desc limit 1`.execute(ctx.tx);
  return rows[0] ?? null;
}

export interface MinorLine {
  readonly candidateId: string;
  readonly person: string;
  readonly leases: number;
  readonly contacts: number;
  readonly opened: number;
  readonly revealed: number;
  readonly changed: number;
  /**
   * Leases without a named person's approval: no earlier assignment of this case to this person, their group or a group they lead, no hand-over
   * that they had accepted, and no version of the season's settings then in force that let others in.
   */
  readonly unassigned: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/**
 * A year's processing of minors' data (未成年人网络保护条例 art. 36, 37): by candidate and member of staff, while the candidate was
 * under eighteen. Calls from the leases, looks and changes from the audit log. Names no candidate.
 */
export async function minorsOf(ctx: Ctx, year: number): Promise<MinorLine[]> {
  const { rows } = await sql<MinorLine>`
    with event as (
      select l.candidate_id, l.caller_id as user_id, l.opened_at as at, 'lease' as kind,
        not exists (select from assignment a left join assignment_run r on r.tenant_id = a.tenant_id and r.id = a.run_id
          where a.tenant_id = l.tenant_id and a.case_id = l.case_id and a.at <= l.opened_at and coalesce(r.released_by, a.by_id) is not null
            and (a.to_user_id = l.caller_id
              or a.to_group_id = (select p.group_id from staff_profile p where p.tenant_id = l.tenant_id and p.user_id = l.caller_id)
              or a.to_group_id in (select g.id from staff_group g where g.tenant_id = l.tenant_id and g.leader_id = l.caller_id)))
        and not exists (select from escalation h where h.tenant_id = l.tenant_id and h.case_id = l.case_id
          and h.accepted_by = l.caller_id and h.accepted_at <= l.opened_at)
        and not coalesce((select v.changed_by is not null and (v.body->>'minorsOutsideGroups')::boolean from follow_up_setting v
          where v.tenant_id = l.tenant_id and v.season_id = f.season_id and v.changed_at <= l.opened_at
          order by v.version desc limit 1), false) as unassigned
      from lease l join follow_up_case f on f.tenant_id = l.tenant_id and f.id = l.case_id where l.tenant_id = ${ctx.tenantId}
      union all
      select t.candidate_id, t.caller_id, t.started_at, 'contact', false from attempt t
      where t.tenant_id = ${ctx.tenantId} and t.counts_as_contact
      union all
      select e.subject_id::uuid, e.actor_id, e.at,
        case when e.action in ('candidate.minor_opened', 'candidate.photo_viewed') then 'opened'
          when e.action = 'candidate.revealed' then 'revealed' else 'changed' end, false
      from audit_entry e where e.tenant_id = ${ctx.tenantId} and e.subject_type = 'candidate' and e.subject_id is not null
    )
    select c.id as "candidateId", coalesce(u.name, '系统或命令行') as person,
      count(*) filter (where v.kind = 'lease') as leases, count(*) filter (where v.kind = 'contact') as contacts,
      count(*) filter (where v.kind = 'opened') as opened, count(*) filter (where v.kind = 'revealed') as revealed,
      count(*) filter (where v.kind = 'changed') as changed, count(*) filter (where v.unassigned) as unassigned,
      min(v.at) as "firstAt", max(v.at) as "lastAt"
    from event v join candidate c on c.tenant_id = ${ctx.tenantId} and c.id = v.candidate_id
    left join user_account u on u.tenant_id = ${ctx.tenantId} and u.id = v.user_id
    where c.minor_until > (v.at at time zone 'Asia/Shanghai')::date
      and extract(year from v.at at time zone 'Asia/Shanghai') = ${year}
    group by c.id, u.id, u.name order by 1, 2`.execute(ctx.tx);
  return rows;
}
