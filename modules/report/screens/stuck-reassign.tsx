import { listLoads, reassign } from '#assignment/contract';
import { api, useCommand, useRoute } from '#ui/api';
import { formatCount } from '#ui/format';
import { MoveDialog } from '#ui/move-dialog';

interface StuckReassignProps {
  readonly caseIds: readonly string[];
  readonly onMoved: () => void;
  readonly onClose: () => void;
}

/** Gives the chosen stuck cases to one caller. */
export function StuckReassign({ caseIds, onMoved, onClose }: StuckReassignProps) {
  const loads = useRoute(listLoads);
  const give = useCommand(reassign, { renews: ['reports', 'assignments', 'candidates'] });
  const stuck = { caseIds: [...caseIds] };
  return (
    <MoveDialog
      verb="改派"
      what={`${formatCount(caseIds.length)} 名卡住的考生`}
      receivers={loads.data?.items}
      error={loads.error}
      note="约定的回拨时间不变，归属经过保留。"
      usual={['等得太久，换人跟进', '回访员忙不过来', '期限将近']}
      chosen={caseIds}
      tryMove={(toUserId) => api(reassign, { body: { ...stuck, toUserId, dry: true, reason: '试算' } })}
      move={(toUserId, reason) => give.mutateAsync({ body: { ...stuck, toUserId, reason } })}
      onMoved={onMoved}
      onClose={onClose}
    />
  );
}
