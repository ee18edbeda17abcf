import { sql } from 'kysely';
import type { z } from 'zod';
import type { Ctx } from '#platform/db/tenant';
import type { ContactLine, candidateMaterials, FileCase } from './contract.ts';
import type { CandidateId } from './ids.ts';

const CONTACTS_MAX = 300;

type Contact = z.infer<typeof ContactLine>;
type Materials = z.infer<(typeof candidateMaterials)['reply']>;

/** Contacts tried with a candidate, newest first. Reads attempt and attempt_correction of #follow-up, user_account. */
export async function readContacts(ctx: Ctx, candidateId: CandidateId): Promise<Contact[]> {
  const { rows } = await sql<Omit<Contact, 'note'> & { sealed: Buffer | null }>`
    select a.id, a.started_at as "startedAt", a.channel, a.direction, p.masked as phone, u.name as "callerName", a.phase, a.answerer,
      a.outcome, a.counts_as_contact as contact, a.talk_seconds as "talkSeconds", a.note as sealed, a.flagged, a.incomplete,
      coalesce((select jsonb_agg(jsonb_build_object('kind', x.kind, 'reason', x.reason, 'by', w.name,
          'at', (extract(epoch from x.corrected_at) * 1000)::bigint) order by x.corrected_at)
        from attempt_correction x join user_account w on w.tenant_id = x.tenant_id and w.id = x.corrected_by
        where x.tenant_id = a.tenant_id and x.attempt_id = a.id), '[]') as corrected
    from attempt a
    join user_account u on u.tenant_id = a.tenant_id and u.id = a.caller_id
    left join phone p on p.tenant_id = a.tenant_id and p.id = a.phone_id
    where a.tenant_id = ${ctx.tenantId} and a.candidate_id = ${candidateId}
    order by a.started_at desc limit ${CONTACTS_MAX}`.execute(ctx.tx);
  return rows.map(({ sealed, ...row }) => ({
    ...row,
    note: sealed === null ? null : ctx.vault.open(sealed),
  }));
}

/** Cases of a candidate, one a phase. Reads follow_up_case, user_account, staff_group. */
export async function readCases(ctx: Ctx, candidateId: CandidateId): Promise<z.infer<typeof FileCase>[]> {
  const { rows } = await sql<z.infer<typeof FileCase>>`
    select f.id, f.phase, f.round, f.state, f.disposition, f.result, u.name as "ownerName", g.name as "groupName", f.due_at as "dueAt",
      f.deadline_at as "deadlineAt", f.attempts, f.contacts, f.talk_seconds as "talkSeconds"
    from follow_up_case f
    left join user_account u on u.tenant_id = f.tenant_id and u.id = f.owner_id
    left join staff_group g on g.tenant_id = f.tenant_id and g.id = f.group_id
    where f.tenant_id = ${ctx.tenantId} and f.candidate_id = ${candidateId}
    order by array_position(array['guidance', 'filing', 'admitted', 'arrival'], f.phase)`.execute(ctx.tx);
  return rows;
}

/** State of withdrawal papers; the papers themselves belong to #withdrawal. Reads withdrawal, user_account. */
export async function readWithdrawals(ctx: Ctx, candidateId: CandidateId): Promise<Materials['withdrawals']> {
  const { rows } = await sql<Materials['withdrawals'][number]>`
    select w.id, w.state, w.requested_at as "requestedAt", u.name as "requestedBy", w.evidence_file_id is not null as "hasEvidence",
      w.checked_at as "checkedAt", w.executed_at as "executedAt", w.rejected_reason as "rejectedReason"
    from withdrawal w join user_account u on u.tenant_id = w.tenant_id and u.id = w.requested_by
    where w.tenant_id = ${ctx.tenantId} and w.candidate_id = ${candidateId} order by w.requested_at desc`.execute(
    ctx.tx,
  );
  return rows;
}
