import { listLoads, reassign } from '#assignment/contract';
import { api, useCommand, useRoute } from '#ui/api';
import { formatCount } from '#ui/format';
import { MoveDialog } from '#ui/move-dialog';

export interface ReassignModalProps {
  readonly ids: readonly string[];
  readonly onMoved: () => void;
  readonly onClose: () => void;
}

/** 改派: gives the open cases of the chosen candidates to one caller. */
export function ReassignModal({ ids, onMoved, onClose }: ReassignModalProps) {
  const loads = useRoute(listLoads);
  const give = useCommand(reassign, { renews: ['candidates', 'assignments'] });
  const candidateIds = [...ids];
  return (
    <MoveDialog
      verb="改派"
      what={`${formatCount(ids.length)} 名考生`}
      receivers={loads.data?.items}
      error={loads.error}
      note="约定的回拨时间不变，归属经过保留。"
      usual={['工作量调整', '考生要求换人', '同校归一人']}
      chosen={candidateIds}
      tryMove={(toUserId) => api(reassign, { body: { candidateIds, toUserId, dry: true, reason: '试算' } })}
      move={(toUserId, reason) => give.mutateAsync({ body: { candidateIds, toUserId, reason } })}
      onMoved={onMoved}
      onClose={onClose}
    />
  );
}
