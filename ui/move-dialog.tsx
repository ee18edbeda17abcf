import { useQuery } from '@tanstack/react-query';
import { App, Select } from 'antd';
import { useState } from 'react';
import { ErrorNote } from './error-note.tsx';
import { formatCount } from './format.tsx';
import { ReasonModal } from './reason-modal.tsx';
import { Loading } from './states.tsx';

/** A person who can be given work, with what they hold and the most they may hold. */
export interface Receiver {
  readonly userId: string;
  readonly name: string;
  readonly groupName: string | null;
  /** Those not available are left out. */
  readonly available: boolean;
  readonly open: number;
  readonly cap: number;
}

/** What a move did, or would do: how many went, who stayed and why. */
export interface Moved {
  readonly moved: number;
  readonly stayed: readonly { readonly name: string; readonly why: string }[];
}

export interface MoveDialogProps {
  /** 改派, 收回本组. */
  readonly verb: string;
  /** With their number: `3 名考生`. */
  readonly what: string;
  /** `nobody` where the work goes to no one person; undefined while they are asked for. */
  readonly receivers: readonly Receiver[] | 'nobody' | undefined;
  /** Why the receivers could not be had. */
  readonly error?: unknown;
  /** What the figures do not say: `约定的回拨时间不变。` */
  readonly note: string;
  readonly usual: readonly string[];
  /** What is moved, as a key: another choice is another trial. */
  readonly chosen: unknown;
  /** Asks the server what would happen; nothing moves. `to` is empty where nobody receives. */
  readonly tryMove: (to: string) => Promise<Moved>;
  readonly move: (to: string, reason: string) => Promise<Moved>;
  readonly onMoved: () => void;
  readonly onClose: () => void;
}

/** Moving work: first to whom, then what would happen in figures, then why. The button lives once the server has tried it. */
export function MoveDialog(props: MoveDialogProps) {
  const { verb, receivers, chosen, tryMove, move, onMoved } = props;
  const { message } = App.useApp();
  const [to, setTo] = useState<string | null>(null);
  const ready = receivers === 'nobody' || to !== null;
  const trial = useQuery({
    queryKey: ['move-trial', verb, to, chosen],
    queryFn: () => tryMove(to ?? ''),
    enabled: ready,
    gcTime: 0,
    retry: false,
  });
  const receiver = receivers === 'nobody' ? undefined : receivers?.find(({ userId }) => userId === to);
  const confirm = async (reason: string) => {
    const { moved, stayed } = await move(to ?? '', reason);
    const left = stayed.length === 0 ? '' : `，${formatCount(stayed.length)} 名没有动`;
    void message.success(`已${verb} ${formatCount(moved)} 名${left}。`);
    onMoved();
  };
  return (
    <ReasonModal
      open
      onClose={props.onClose}
      title={`${verb} ${props.what}`}
      blocked={!trial.data || trial.data.moved === 0}
      consequence={
        <>
          {receivers !== 'nobody' && (
            <ReceiverSelect verb={verb} receivers={receivers} value={to} onChange={setTo} />
          )}
          {ready && trial.isFetching && !trial.data && <Loading rows={1} />}
          <ErrorNote error={props.error ?? trial.error} />
          {trial.data && <Outcome verb={verb} trial={trial.data} receiver={receiver} note={props.note} />}
        </>
      }
      usual={props.usual}
      confirmLabel={verb}
      danger={false}
      onConfirm={confirm}
    />
  );
}

interface ReceiverSelectProps {
  readonly verb: string;
  readonly receivers: readonly Receiver[] | undefined;
  readonly value: string | null;
  readonly onChange: (value: string) => void;
}

const ReceiverSelect = ({ verb, receivers, value, onChange }: ReceiverSelectProps) => (
  <Select
    autoFocus
    className="zz-wide"
    showSearch={{ optionFilterProp: 'label' }}
    aria-label={`${verb}给`}
    placeholder={`${verb}给谁，可输入姓名查找`}
    loading={receivers === undefined}
    value={value}
    onChange={onChange}
    options={(receivers ?? [])
      .filter(({ available }) => available)
      .toSorted((left, right) => left.open - right.open)
      .map(({ userId, name, groupName, open, cap }) => ({
        value: userId,
        label: `${name}（${groupName ?? '未编组'}，在办 ${open}/${cap}）`,
      }))}
  />
);

interface OutcomeProps {
  readonly verb: string;
  readonly trial: Moved;
  readonly receiver: Receiver | undefined;
  readonly note: string;
}

const NAMES_SHOWN = 4;

function Outcome({ verb, trial: { moved, stayed }, receiver, note }: OutcomeProps) {
  const load = receiver
    ? `${receiver.name}的在办从 ${receiver.open} 名变为 ${receiver.open + moved} 名，上限 ${receiver.cap} 名。`
    : '';
  return (
    <>
      <div>{`将${verb} ${formatCount(moved)} 名。${load}${note}`}</div>
      {[...Map.groupBy(stayed, ({ why }) => why)].map(([why, people]) => (
        <div key={why}>
          {`${formatCount(people.length)} 名不动（${why}）：${people
            .slice(0, NAMES_SHOWN)
            .map(({ name }) => name)
            .join('、')}${people.length > NAMES_SHOWN ? ' 等' : ''}`}
        </div>
      ))}
    </>
  );
}
