import { useQuery } from '@tanstack/react-query';
import { App, Select } from 'antd';
import { useState } from 'react';
import { api, useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatCount } from '#ui/format';
import { ReasonModal } from '#ui/reason-modal';
import { Loading } from '#ui/states';
import { type CallerLoad, reassign, takeBack } from '../change.contract.ts';

export type MoveAct = 'reassign' | 'group' | 'pool';

export const MOVE_LABELS: Readonly<Record<MoveAct, string>> = {
  reassign: '改派',
  group: '收回本组',
  pool: '收回公共池',
};

/** Cases by their own id, or the open cases of candidates. */
export interface Chosen {
  readonly caseIds?: readonly string[];
  readonly candidateIds?: readonly string[];
}

interface Moved {
  readonly moved: number;
  readonly stayed: readonly { readonly name: string; readonly why: string }[];
}

export interface MoveModalProps {
  readonly act: MoveAct;
  readonly chosen: Chosen;
  /** Who can be given work; those not available are left out. */
  readonly callers: readonly CallerLoad[];
  readonly onClose: () => void;
  readonly onMoved: () => void;
}

/** 改派 and 收回: first who, then what would happen in figures, then why; the server has tried it before the button lives. */
export function MoveModal({ act, chosen, callers, onClose, onMoved }: MoveModalProps) {
  const [to, setTo] = useState<string | null>(null);
  const move = useMove(act, chosen, onMoved);
  const caller = callers.find(({ userId }) => userId === to);
  const ready = act !== 'reassign' || to !== null;
  const trial = useQuery({
    queryKey: ['move-trial', act, to, chosen],
    queryFn: () => send(act, chosen, { to, dry: true, reason: '试算' }),
    enabled: ready,
    staleTime: 0,
    retry: false,
  });
  return (
    <ReasonModal
      open
      onClose={onClose}
      title={`${MOVE_LABELS[act]} ${formatCount(countOf(chosen))} 名考生`}
      blocked={!ready || !trial.data}
      consequence={
        <>
          {act === 'reassign' && <CallerSelect callers={callers} value={to} onChange={setTo} />}
          {ready && trial.isFetching && !trial.data && <Loading rows={1} />}
          <ErrorNote error={trial.error} />
          {trial.data && <Outcome act={act} trial={trial.data} caller={caller} />}
        </>
      }
      usual={['工作量调整', '考生要求换人', '同校归一人']}
      confirmLabel={MOVE_LABELS[act]}
      danger={false}
      onConfirm={(reason) => move(to, reason)}
    />
  );
}

const countOf = ({ caseIds = [], candidateIds = [] }: Chosen): number => caseIds.length + candidateIds.length;

interface Send {
  readonly to: string | null;
  readonly dry: boolean;
  readonly reason: string;
}

function send(
  act: MoveAct,
  { caseIds = [], candidateIds = [] }: Chosen,
  { to, ...rest }: Send,
): Promise<Moved> {
  const ids = { caseIds: [...caseIds], candidateIds: [...candidateIds] };
  return act === 'reassign'
    ? api(reassign, { body: { ...ids, toUserId: to ?? '', ...rest } })
    : api(takeBack, { body: { ...ids, to: act, ...rest } });
}

/** The act itself, under one key for a repeated click. */
function useMove(act: MoveAct, chosen: Chosen, onMoved: () => void) {
  const { message } = App.useApp();
  const done = ({ moved, stayed }: Moved) => {
    const left = stayed.length === 0 ? '' : `，${stayed.length} 名没有动`;
    void message.success(`已${MOVE_LABELS[act]} ${formatCount(moved)} 名${left}。`);
    onMoved();
  };
  const options = { renews: ['assignments', 'candidates', 'move-trial'], onDone: done };
  const give = useCommand(reassign, options);
  const take = useCommand(takeBack, options);
  const ids = { caseIds: [...(chosen.caseIds ?? [])], candidateIds: [...(chosen.candidateIds ?? [])] };
  return (to: string | null, reason: string) =>
    act === 'reassign'
      ? give.mutateAsync({ body: { ...ids, toUserId: to ?? '', reason } })
      : take.mutateAsync({ body: { ...ids, to: act, reason } });
}

interface CallerSelectProps {
  readonly callers: readonly CallerLoad[];
  readonly value: string | null;
  readonly onChange: (value: string) => void;
}

const CallerSelect = ({ callers, value, onChange }: CallerSelectProps) => (
  <Select
    autoFocus
    className="zz-wide"
    showSearch={{ optionFilterProp: 'label' }}
    aria-label="改派给"
    placeholder="改派给哪位回访员"
    value={value}
    onChange={onChange}
    options={callers
      .filter(({ available }) => available)
      .toSorted((left, right) => left.open - right.open)
      .map(({ userId, name, groupName, open, cap }) => ({
        value: userId,
        label: `${name}（${groupName ?? '未编组'}，在办 ${open}/${cap}）`,
      }))}
  />
);

interface OutcomeProps {
  readonly act: MoveAct;
  readonly trial: Moved;
  readonly caller: CallerLoad | undefined;
}

const shownNames = 4;

function Outcome({ act, trial, caller }: OutcomeProps) {
  const { moved, stayed } = trial;
  const reasons = Map.groupBy(stayed, ({ why }) => why);
  const where = { reassign: '', group: '收回后本组组员都可以取到。', pool: '收回后任何人都可以取到。' }[act];
  return (
    <>
      <div>
        {`将${MOVE_LABELS[act]} ${formatCount(moved)} 名。`}
        {caller &&
          `${caller.name}的在办从 ${caller.open} 名变为 ${caller.open + moved} 名，上限 ${caller.cap} 名。`}
        {`${where}约定的回拨时间不变，归属经过保留。`}
      </div>
      {[...reasons].map(([why, people]) => (
        <div key={why}>
          {`${formatCount(people.length)} 名不动（${why}）：${people
            .slice(0, shownNames)
            .map(({ name }) => name)
            .join('、')}${people.length > shownNames ? ' 等' : ''}`}
        </div>
      ))}
    </>
  );
}
