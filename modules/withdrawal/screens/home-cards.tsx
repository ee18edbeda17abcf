import { Link } from '@tanstack/react-router';
import { provinceName } from '#season/rules';
import { useRoute } from '#ui/api';
import { Countdown } from '#ui/countdown';
import { ErrorNote } from '#ui/error-note';
import { formatCount } from '#ui/format';
import { Loading } from '#ui/states';
import { listWithdrawals } from '../contract.ts';

const REFRESH_MS = 30_000;
const SHOWN = 4;

interface WaitingProps {
  readonly title: string;
  /** What the reader compares themselves, or what any clerk may carry out. */
  readonly query: { readonly toCheck: 'true' } | { readonly state: 'checked' };
  readonly state: 'evidence_in' | 'checked';
  readonly none: string;
}

/** What waits for one's hand, the candidate and the time left; one click opens it. */
function Waiting({ title, query, state, none }: WaitingProps) {
  const { data, error, refetch } = useRoute(
    listWithdrawals,
    { body: { ...query, limit: 50 } },
    { refetchInterval: REFRESH_MS },
  );
  if (error) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading rows={3} />;
  // Newest first from the server; the nearest deadline matters more here.
  const urgent = [...data.items].sort(
    (one, other) => (one.deadlineAt ?? Number.MAX_VALUE) - (other.deadlineAt ?? Number.MAX_VALUE),
  );
  return (
    <>
      <header className="zz-section-head">
        <h2>
          {title} {formatCount(data.total)}
        </h2>
        <Link to="/withdrawals" search={{ state } as never}>
          查看全部
        </Link>
      </header>
      {urgent.length === 0 && <p className="zz-note">{none}</p>}
      {urgent.slice(0, SHOWN).map((row) => (
        <p key={row.id}>
          <Link to="/withdrawals" search={{ state, open: row.id } as never}>
            {row.candidateName}　{row.candidateNo}
          </Link>{' '}
          {provinceName(row.provinceCode)}{' '}
          {row.deadlineAt !== null && <Countdown to={row.deadlineAt} label="距截止" />}
        </p>
      ))}
    </>
  );
}

/** For the file clerk. */
export const ExecuteCard = () => (
  <Waiting
    title="待办理的退档"
    query={{ state: 'checked' }}
    state="checked"
    none="没有核对通过、等您办理的退档申请。"
  />
);

/** For the group leader, and for the office where there is none. */
export const CheckCard = () => (
  <Waiting
    title="待核对的退档材料"
    query={{ toCheck: 'true' }}
    state="evidence_in"
    none="没有等您核对的退档材料。"
  />
);
