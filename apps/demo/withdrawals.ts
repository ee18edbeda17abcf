import { sql } from 'kysely';
import sharp from 'sharp';
import { inTenant, withTenant } from '#platform/db/tenant';
import { checkWithdrawal, executeWithdrawal, requestWithdrawal, uploadEvidence } from '#withdrawal';
import type { Team } from './people.ts';
import type { DemoPerson, Stage } from './stage.ts';

/** A few withdrawals at different steps: letter only, photo in, checked, executed. */
export async function arrangeWithdrawals(stage: Stage, team: Team): Promise<void> {
  const { rows } = await stage.asSystem(({ tx, tenantId }) =>
    sql<{ id: string; ownerId: string }>`
      select k.id, k.owner_id as "ownerId" from follow_up_case k
      join candidate c on c.tenant_id = k.tenant_id and c.id = k.candidate_id
      where k.tenant_id = ${tenantId} and k.disposition = 'withdrawing' and k.state not in ('final', 'leased')
      order by c.candidate_no limit 8`.execute(tx),
  );
  const photo = await sharp({ create: { width: 900, height: 640, channels: 3, background: '#dfe6ea' } })
    .jpeg()
    .toBuffer();
  for (const [index, { id, ownerId }] of rows.entries()) {
    const owner = team.callers.find((caller) => caller.userId === ownerId);
    if (owner) await walk(stage, team, { caseId: id, owner, steps: index % 4, photo });
  }
}

interface Walk {
  readonly caseId: string;
  readonly owner: DemoPerson;
  readonly steps: number;
  readonly photo: Buffer;
}

async function walk(stage: Stage, team: Team, { caseId, owner, steps, photo }: Walk): Promise<void> {
  const { files } = stage.runtime;
  const as = (who: DemoPerson) => ({ tenantId: stage.tenantId, actor: who.actor });
  const requested = await inTenant(stage.env, as(owner), (ctx) =>
    requestWithdrawal(ctx, files, { caseId, reasonCode: 'repeat', reasonText: '' }),
  );
  if (!requested.ok || steps === 0) return;
  const { id } = requested.value;
  await uploadEvidence({ env: stage.env, caller: as(owner), files }, id, photo);
  const leader = team.leaders.find((one) => one.userId !== owner.userId);
  if (steps === 1 || !leader) return;
  const checklist = {
    letterSigned: true,
    parentSigned: true,
    idCard: true,
    admissionTicket: true,
    nameMatches: true,
    numberMatches: true,
    ownWill: true,
  };
  await inTenant(stage.env, as(leader), (ctx) => checkWithdrawal(ctx, id, { checklist }));
  if (steps === 3) await withTenant(stage.env, as(team.clerk), (ctx) => executeWithdrawal(ctx, id));
}
