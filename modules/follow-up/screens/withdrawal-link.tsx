import { ActionButton } from '#ui/action-button';
import { serverNow } from '#ui/clock';
import { KeyCap } from '#ui/keyboard';
import type { LeaseData } from '../work.contract.ts';
import type { Desk } from './use-desk.tsx';

/** Why no withdrawal may be registered: the province binds, or the deadline is over. By the rule that the result asks, too. */
export function withdrawalBarred({ look }: Pick<Desk, 'look'>, now: number): string | null {
  const seen = look('R2', now);
  if (seen.ok) return null;
  return seen.code === 'binding_province' || seen.code === 'past_deadline' ? seen.message : null;
}

/** On a page of its own: the call goes on in this one. */
export function openWithdrawal({ case: held }: Pick<LeaseData, 'case'>): void {
  window.open(`/withdrawals/new?caseId=${held.id}`, '_blank', 'noopener');
}

/** The way to the candidate's own request; where it is closed, it says by which rule. */
export function WithdrawalLink({ desk }: { readonly desk: Desk }) {
  return (
    <ActionButton
      size="small"
      can="withdrawal.request"
      refused={withdrawalBarred(desk, serverNow())}
      onClick={() => openWithdrawal(desk.lease)}
    >
      登记退档申请 <KeyCap chord="G" />
    </ActionButton>
  );
}
