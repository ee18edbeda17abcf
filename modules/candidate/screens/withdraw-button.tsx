import { useNavigate } from '@tanstack/react-router';
import { ActionButton } from '#ui/action-button';
import { serverNow } from '#ui/clock';
import { formatDateTime } from '#ui/format';
import { barrierOf } from '#withdrawal/rules';
import type { CandidateFile } from '../contract.ts';

/** The way to the candidate's own request for withdrawal; where it is closed, it says by which rule. */
export function WithdrawButton({ file }: { readonly file: CandidateFile }) {
  const navigate = useNavigate();
  const caseId = file.cases.at(-1)?.id;
  return (
    <ActionButton
      size="small"
      can="withdrawal.request"
      refused={caseId === undefined ? '还没有放出回访任务，放出后才能登记退档申请。' : refused(file)}
      onClick={() => void navigate({ to: '/withdrawals/new', search: { caseId } as never })}
    >
      登记退档申请
    </ActionButton>
  );
}

function refused({
  withdrawable,
  withdrawalDeadlineAt: deadlineAt,
  mergedInto,
}: CandidateFile): string | null {
  if (mergedInto) return '这份档案已并入另一份档案，请到那一份登记。';
  const barrier = barrierOf({ withdrawable, deadlineAt }, serverNow());
  if (barrier === null) return null;
  if (barrier.code === 'policy_missing')
    return '该省本批次的政策还没有填写，请招办在“各省政策”里补齐后再登记。';
  if (barrier.code === 'binding_province')
    return '该省本批次投档后即录取、不可退档（见“各省政策”），不能登记退档申请。';
  return `退档截止时间 ${formatDateTime(barrier.deadlineAt)} 已过，不能再登记；有特殊情况请联系招办。`;
}
