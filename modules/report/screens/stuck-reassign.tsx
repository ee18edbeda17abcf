import { useQuery } from '@tanstack/react-query';
import { App, Select } from 'antd';
import { useState } from 'react';
import { listLoads, reassign } from '#assignment/contract';
import { api, useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatCount } from '#ui/format';
import { ReasonModal } from '#ui/reason-modal';

interface StuckReassignProps {
  readonly caseIds: readonly string[];
  readonly onMoved: () => void;
  readonly onClose: () => void;
}

/** Gives the chosen stuck cases to one caller; the server says first how many would move and who would stay, and why. */
export function StuckReassign({ caseIds, onMoved, onClose }: StuckReassignProps) {
  const { message } = App.useApp();
  const loads = useRoute(listLoads);
  const [to, setTo] = useState<string | null>(null);
  const give = useCommand(reassign, {
    renews: ['reports', 'assignments', 'candidates'],
    onDone: ({ moved, stayed }) => {
      void message.success(`已改派 ${moved} 名${stayed.length > 0 ? `，${stayed.length} 名没有动` : ''}。`);
      onMoved();
    },
  });
  const trial = useQuery({
    queryKey: ['stuck-trial', to, caseIds],
    queryFn: () =>
      api(reassign, { body: { caseIds: [...caseIds], toUserId: to ?? '', dry: true, reason: '试算' } }),
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
      title={`改派 ${formatCount(caseIds.length)} 名卡住的考生`}
      confirmLabel="改派"
      danger={false}
      blocked={!trial.data || trial.data.moved === 0}
      usual={['等得太久，换人跟进', '回访员忙不过来', '期限将近']}
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
          {trial.data && caller && <Outlook trial={trial.data} caller={caller} />}
        </>
      }
      onConfirm={(reason) =>
        give.mutateAsync({ body: { caseIds: [...caseIds], toUserId: to ?? '', reason } })
      }
    />
  );
}

interface OutlookProps {
  readonly trial: {
    readonly moved: number;
    readonly stayed: readonly { readonly caseId: string; readonly name: string; readonly why: string }[];
  };
  readonly caller: { readonly name: string; readonly open: number; readonly cap: number };
}

function Outlook({ trial: { moved, stayed }, caller }: OutlookProps) {
  return (
    <>
      <p>
        将改派 {moved} 名，{caller.name}的在办从 {caller.open} 名变为 {caller.open + moved} 名，上限{' '}
        {caller.cap} 名。约好的回电时间不变。
      </p>
      {stayed.length > 0 && (
        <ul className="zz-note">
          {stayed.map(({ caseId, name, why }) => (
            <li key={caseId}>
              {name} 不动：{why}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
