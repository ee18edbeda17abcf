import type { z } from 'zod';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { provinceName } from '#season/rules';
import { STATE_LABELS, type WithdrawalView } from './contract.ts';
import { type Barrier, barrierOf, isChecker, mayCheck, mayExecute } from './rules.ts';
import type { WithdrawalRow } from './store.ts';

/** Shanghai time to the minute, as people write it. */
export const minuteText = (at: number): string =>
  new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Asia/Shanghai',
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(at);

interface Place {
  readonly provinceCode: string;
  readonly batchName: string;
}

/** The rule that keeps a withdrawal back, with its figures and the next step. */
export function barrierSentence(barrier: Barrier, { provinceCode, batchName }: Place): string {
  const place = `${provinceName(provinceCode)}${batchName}`;
  if (barrier.code === 'policy_missing')
    return `${place}还没有录入能否退档，请招办先到“设置 > 各省政策”补录。`;
  if (barrier.code === 'binding_province')
    return `${place}不可退档：投档以后省里不受理退档申请。请按不可退档话术向考生说明，帮助解决疑问。`;
  return `${place}的退档截止时间是 ${minuteText(barrier.deadlineAt)}，已过 ${barrier.lateMinutes} 分钟，省里不再受理。请把情况报告招办。`;
}

export const refuseBarrier = (
  barrier: Barrier,
  place: Place,
): { ok: false; error: Refusal<Barrier['code']> } =>
  refuse(barrier.code, barrierSentence(barrier, place), { ...barrier });

export const wrongState = (
  row: WithdrawalRow,
  wanted: string,
): { ok: false; error: Refusal<'wrong_state'> } =>
  refuse('wrong_state', `这份申请现在是“${STATE_LABELS[row.state]}”，不能${wanted}，请刷新后查看。`, {
    state: row.state,
  });

export const notFound = (): { ok: false; error: Refusal<'not_found'> } =>
  refuse('not_found', '没有找到这份退档申请，或它不在您的工作范围内。');

export const policyOfRow = (row: WithdrawalRow) => ({
  withdrawable: row.withdrawable,
  deadlineAt: row.deadlineAt,
});

/** What the screens show; says in words why the reader may not do the step that is due. */
export function viewOf(ctx: Ctx, row: WithdrawalRow): z.input<typeof WithdrawalView> {
  const {
    policyId: _policy,
    letterFileId: _letter,
    evidenceFileId,
    withdrawable: _withdrawable,
    ownerId: _owner,
    groupId: _group,
    ...shown
  } = row;
  const { inChargeId: _inCharge, heldBy: _holder, leaderId: _leader, ...rest } = shown;
  const { uploadedBy: _uploader, checkedBy: _checker, executedBy: _executor, ...view } = rest;
  return { ...view, hasEvidence: evidenceFileId !== null, barredBecause: barredBecause(ctx, row) };
}

interface Barred {
  readonly code: 'same_person' | 'not_yours';
  readonly message: string;
}

/** Why this person does not compare these papers; null: they do. */
export function checkBarred({ actor }: Ctx, row: WithdrawalRow): Barred | null {
  if (!mayCheck(row, actor.userId ?? '')) {
    const other = isChecker(row, { userId: null, roles: ['admissions_office'] })
      ? '招办'
      : '考生所在小组的组长';
    return { code: 'same_person', message: `这份申请是您登记或上传的，须由${other}另一人核对。` };
  }
  if (isChecker(row, actor)) return null;
  return { code: 'not_yours', message: whoChecks(row, actor.roles.includes('admissions_office')) };
}

/** Who compares these papers, told to somebody who does not; the office learns when it would be its turn. */
function whoChecks(row: WithdrawalRow, office: boolean): string {
  if (row.leaderId === null || !mayCheck(row, row.leaderId))
    return '考生所在小组没有组长可以核对（没有组长、组长请假，或者组长自己登记、上传的），由招办核对。';
  const group = row.groupName === null ? '考生所在小组' : `“${row.groupName}”`;
  return office
    ? `由${group}的组长核对；组长请假，或者是组长自己登记、上传的，才由招办核对。`
    : `只能由${group}的组长核对。`;
}

function barredBecause(ctx: Ctx, row: WithdrawalRow): string | null {
  const { actor } = ctx;
  const open = row.state === 'letter_sent' || row.state === 'evidence_in' || row.state === 'checked';
  const barrier = open ? barrierOf(policyOfRow(row), ctx.now) : null;
  if (barrier) return barrierSentence(barrier, row);
  if (row.state === 'evidence_in' && actor.permissions.has('withdrawal.check'))
    return checkBarred(ctx, row)?.message ?? null;
  if (
    row.state === 'checked' &&
    actor.permissions.has('withdrawal.execute') &&
    !mayExecute(row, actor.userId ?? '')
  ) {
    return '这份申请由您登记、上传或核对过，须由另一位录检组成员办理。';
  }
  return null;
}
