import { Timeline } from 'antd';
import { useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatDateTime } from '#ui/format';
import { Loading } from '#ui/states';
import { caseHistoryRoute } from '../case.contract.ts';
import { CASE_STATE_LABELS } from '../contract.ts';
import { EVENT_LABELS } from './record-words.ts';

/** How a follow-up went from hand to hand, newest first. */
export function CaseJournal({ caseId }: { readonly caseId: string }) {
  const { data, error, refetch } = useRoute(caseHistoryRoute, { params: { caseId } });
  if (error) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading rows={3} />;
  return (
    <Timeline
      style={{ maxHeight: 300, overflow: 'auto', paddingTop: 8 }}
      items={data.items.map(({ seq, kind, at, actorName, note, state, dueAt }) => ({
        key: seq,
        content: (
          <>
            <b>{EVENT_LABELS[kind] ?? kind}</b> {actorName ?? '系统'}
            {note && `：${note}`}
            <span className="zz-note">
              {' '}
              {formatDateTime(at)}
              {state && ` → ${CASE_STATE_LABELS[state as keyof typeof CASE_STATE_LABELS] ?? state}`}
              {dueAt !== null && `，${formatDateTime(dueAt)} 再联系`}
            </span>
          </>
        ),
      }))}
    />
  );
}
