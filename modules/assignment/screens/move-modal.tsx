import { api, useCommand } from '#ui/api';
import { formatCount } from '#ui/format';
import { MoveDialog } from '#ui/move-dialog';
import { type CallerLoad, reassign, takeBack } from '../change.contract.ts';

export type MoveAct = 'reassign' | 'group' | 'pool';

export const MOVE_LABELS: Readonly<Record<MoveAct, string>> = {
  reassign: '改派',
  group: '收回本组',
  pool: '收回公共池',
};

const NOTES: Readonly<Record<MoveAct, string>> = {
  reassign: '约定的回拨时间不变，归属经过保留。',
  group: '收回后本组组员都可以取到。约定的回拨时间不变，归属经过保留。',
  pool: '收回后任何人都可以取到。约定的回拨时间不变，归属经过保留。',
};

/** Cases by their own id, or the open cases of candidates. */
export interface Chosen {
  readonly caseIds?: readonly string[];
  readonly candidateIds?: readonly string[];
}

export interface MoveModalProps {
  readonly act: MoveAct;
  readonly chosen: Chosen;
  readonly callers: readonly CallerLoad[];
  readonly onClose: () => void;
  readonly onMoved: () => void;
}

/** 改派 to a caller, or 收回 to the group or to the pool. */
export function MoveModal({ act, chosen, callers, onClose, onMoved }: MoveModalProps) {
  const renews = ['assignments', 'candidates'];
  const give = useCommand(reassign, { renews });
  const take = useCommand(takeBack, { renews });
  const ids = { caseIds: [...(chosen.caseIds ?? [])], candidateIds: [...(chosen.candidateIds ?? [])] };
  const trial = { ...ids, dry: true, reason: '试算' };
  const common = {
    verb: MOVE_LABELS[act],
    what: `${formatCount(ids.caseIds.length + ids.candidateIds.length)} 名考生`,
    note: NOTES[act],
    usual: ['工作量调整', '考生要求换人', '同校归一人'],
    chosen: ids,
    onClose,
    onMoved,
  };
  return act === 'reassign' ? (
    <MoveDialog
      {...common}
      receivers={callers}
      tryMove={(toUserId) => api(reassign, { body: { ...trial, toUserId } })}
      move={(toUserId, reason) => give.mutateAsync({ body: { ...ids, toUserId, reason } })}
    />
  ) : (
    <MoveDialog
      {...common}
      receivers="nobody"
      tryMove={() => api(takeBack, { body: { ...trial, to: act } })}
      move={(_, reason) => take.mutateAsync({ body: { ...ids, to: act, reason } })}
    />
  );
}
