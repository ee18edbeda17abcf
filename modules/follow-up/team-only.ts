import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { goesToEscalationTeam } from '#season/rules';
import type { CaseFile } from './file.ts';
import type { Me } from './me.ts';

/**
 * Whether an ordinary caller must not get a case from group or pool: withdrawable provinces that shield numbers never enter the ordinary
 * queue (seed 001 part 三 (三) 2), however their case came back into it. Who was given it by name keeps it.
 */
export async function staysWithTeam(
  { tx, tenantId }: Ctx,
  me: Pick<Me, 'userId' | 'escalationTeam'>,
  { policy, case: { owner_id, candidate_id } }: CaseFile,
): Promise<boolean> {
  if (me.escalationTeam || owner_id === me.userId || !goesToEscalationTeam(policy)) return false;
  const { rows } = await sql<{ artSchoolExam: boolean }>`
    select art_school_exam as "artSchoolExam" from candidate where tenant_id = ${tenantId} and id = ${candidate_id}`.execute(
    tx,
  );
  return rows[0]?.artSchoolExam === false;
}
