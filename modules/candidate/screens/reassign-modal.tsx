import { useQuery } from '@tanstack/react-query';
import { App, Select } from 'antd';
import { useState } from 'react';
import { listLoads, reassign } from '#assignment/contract';
import { api, useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatCount } from '#ui/format';
import { ReasonModal } from '#ui/reason-modal';

const SHOWN = 4;

export interface ReassignModalProps {
  readonly ids: readonly string[];
  readonly onMoved: () => void;
  readonly onClose: () => void;
}

/** 改派: gives the open cases of the chosen candidates to one caller; the server says first who would move and who not. */
export function ReassignModal({ ids, onMoved, onClose }: ReassignModalProps) {
  const { message } = App.useApp();
  const loads = useRoute(listLoads);
  const [to, setTo] = useState<string | null>(null);
  const give = useCommand(reassign, {
    renews: ['candidates', 'assignments'],
    onDone: ({ moved, stayed }) => {
      void message.success(`已改派 ${moved} 名${stayed.length > 0 ? `，${stayed.length} 名没有动` : ''}。`);
      onMoved();
    },
  });
  const trial = useQuery({
    queryKey: ['reassign-trial', to, ids],
    queryFn: () =>
      api(reassign, { body: { candidateIds: [...ids], toUserId: to ?? '', dry: true, reason: '试算' } }),
    enabled: to !== null,
    staleTime: 0,
    retry: false,
  });
  const available = (loads.data?.items ?? []).filter((caller) => caller.available);
  const caller = available.find(({ userId }) => userId === to);
  return (
    <ReasonModal
      open
      onClose={onClose}
      title={`改派 ${formatCount(ids.length)} 名考生`}
      confirmLabel="改派"
      danger={false}
      blocked={!trial.data}
      usual={['工作量调整', '考生要求换人', '同校归一人']}
      consequence={
        <>
          <Select
            autoFocus
            className="zz-wide"
            showSearch={{ optionFilterProp: 'label' }}
            aria-label="改派给"
            placeholder="改派给哪位回访员"
            loading={loads.isPending}
            value={to}
            onChange={setTo}
            options={available.map(({ userId, name, open, cap }) => ({
              value: userId,
              label: `${name}（在办 ${open}/${cap}）`,
            }))}
          />
          <ErrorNote error={loads.error ?? trial.error} />
          {trial.data && caller && (
            <p>
              {`将改派 ${trial.data.moved} 名，${caller.name}的在办从 ${caller.open} 名变为 ${caller.open + trial.data.moved} 名，上限 ${caller.cap} 名。约定的回拨时间不变，归属经过保留。`}
              <Stayed stayed={trial.data.stayed} />
            </p>
          )}
        </>
      }
      onConfirm={(reason) =>
        give.mutateAsync({ body: { candidateIds: [...ids], toUserId: to ?? '', reason } })
      }
    />
  );
}

interface StayedProps {
  readonly stayed: readonly { readonly name: string; readonly why: string }[];
}

function Stayed({ stayed }: StayedProps) {
  if (stayed.length === 0) return null;
  const why = stayed.slice(0, SHOWN).map((line) => `${line.name}：${line.why}`);
  return ` 不动 ${stayed.length} 名（${why.join('；')}${stayed.length > SHOWN ? ' 等' : ''}）。`;
}
