import { sql } from 'kysely';
import sharp from 'sharp';
import { inTenant, withTenant } from '#platform/db/tenant';
import { executeWithdrawal, requestWithdrawal, uploadEvidence } from '#withdrawal';
import * as contract from '#withdrawal/contract';
import * as wrongful from '../../modules/withdrawal/wrongful.contract.ts';
import type { Team } from './people.ts';
import type { DemoPerson, Stage } from './stage.ts';

/** How far a request has come: the letter made, the photo in, checked, executed, or ended otherwise. */
type Step = 'letter' | 'photo' | 'checked' | 'executed' | 'rejected' | 'cancelled' | 'reported' | 'wrongful';
const STEPS: readonly Step[] = [
  ...(['letter', 'photo', 'checked', 'executed', 'rejected', 'cancelled', 'reported', 'wrongful'] as const),
  ...(['letter', 'photo', 'checked', 'executed'] as const),
];

/** Withdrawals at every step, first of those who asked for it. */
export async function arrangeWithdrawals(stage: Stage, team: Team): Promise<void> {
  // Leaders check papers, never their own.
  const owners = team.callers.filter((caller) => !team.leaders.includes(caller));
  const { rows } = await stage.asSystem(({ tx, tenantId }) =>
    sql<{ id: string; ownerId: string; leaderId: string }>`
      select k.id, k.owner_id as "ownerId", g.leader_id as "leaderId" from follow_up_case k
      join staff_group g on g.tenant_id = k.tenant_id and g.id = k.group_id
      join candidate c on c.tenant_id = k.tenant_id and c.id = k.candidate_id
      join province_policy p on p.tenant_id = k.tenant_id and p.id = k.policy_id
      where k.tenant_id = ${tenantId} and p.withdrawable and k.state in ('ready', 'scheduled', 'blocked')
        and k.owner_id = any(${owners.map(({ userId }) => userId)}::uuid[])
      order by k.disposition = 'withdrawing' desc, k.disposition = 'considering' desc, c.candidate_no limit ${STEPS.length}`.execute(
      tx,
    ),
  );
  const photo = await sharp({ create: { width: 900, height: 640, channels: 3, background: '#dfe6ea' } })
    .jpeg()
    .toBuffer();
  for (const [index, { id, ownerId, leaderId }] of rows.entries()) {
    const owner = owners.find((caller) => caller.userId === ownerId);
    const leader = team.leaders.find(({ userId }) => userId === leaderId);
    const step = STEPS[index];
    if (owner && leader && step) await walk(stage, team, { caseId: id, owner, leader, step, photo });
  }
}

interface Walk {
  readonly caseId: string;
  readonly owner: DemoPerson;
  /** Of the candidate's group: nobody else sees the request. */
  readonly leader: DemoPerson;
  readonly step: Step;
  readonly photo: Buffer;
}

const REASONS = ['repeat', 'distance', 'major', 'cost'] as const;

async function walk(stage: Stage, team: Team, { caseId, owner, leader, step, photo }: Walk): Promise<void> {
  const { files } = stage.runtime;
  const as = (who: DemoPerson) => ({ tenantId: stage.tenantId, actor: who.actor });
  const reasonCode = REASONS[STEPS.indexOf(step) % REASONS.length] ?? 'repeat';
  const requested = await inTenant(stage.env, as(owner), (ctx) =>
    requestWithdrawal(ctx, files, { caseId, reasonCode, reasonText: '' }),
  );
  if (!requested.ok || step === 'letter') return;
  const { id } = requested.value;
  if (step === 'cancelled') {
    const body = { reason: '考生和家人商量后决定按时报到，不再退档。' };
    await stage.act(owner, contract.cancelWithdrawal, { params: { id }, body });
    return;
  }
  const uploaded = await uploadEvidence({ env: stage.env, caller: as(owner), files }, id, photo);
  if (step === 'photo') return;
  const rejected = step === 'rejected';
  await stage.act(leader, contract.checkWithdrawal, {
    params: { id },
    body: {
      checklist: { ...CHECKED, parentSigned: !rejected },
      uploadedAt: (uploaded.ok ? uploaded.value.uploadedAt : null) ?? 0,
      ...(rejected && { rejectReason: '申请书上没有家长签名，请补签后重新拍照上传。' }),
    },
  });
  if (rejected || step === 'checked') return;
  await withTenant(stage.env, as(team.clerk), (ctx) => executeWithdrawal(ctx, id));
  if (step !== 'executed') await report(stage, team, { id, leader, decided: step === 'wrongful' });
}

const CHECKED = {
  ...{ letterSigned: true, parentSigned: true, idCard: true, admissionTicket: true },
  ...{ nameMatches: true, numberMatches: true, ownWill: true },
};

/** A family says that it was a mistake; the supervisor looks into it, and finds that it was. */
async function report(
  stage: Stage,
  team: Team,
  of: { id: string; leader: DemoPerson; decided: boolean },
): Promise<void> {
  const description = '家长来电说考生并没有要求退档，申请书由同学代交，请督查核实。';
  const made = await stage.act(of.leader, wrongful.reportWrongful, {
    params: { id: of.id },
    body: { description },
  });
  if (!of.decided) return;
  await stage.act(team.supervisor, wrongful.decideWrongful, {
    params: { id: made.id },
    body: { confirmed: true, finding: '核对申请书笔迹与身份证签名不符，认定为误退，已通知录检组更正。' },
  });
}
