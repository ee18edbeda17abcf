import { useRef, useState } from 'react';
import { ErrorNote } from '#ui/error-note';
import { NameWatermark } from '#ui/page';
import { Loading } from '#ui/states';
import type { LeaseData } from '../work.contract.ts';
import { CallDesk } from './call-desk.tsx';
import { type DraftState, dialledAt, draftAfterUndo, emptyDraft, readDraft } from './call-state.ts';
import { NoCase } from './no-case.tsx';
import { typedDraft } from './use-hold.tsx';
import { useLeaseGone, useWork } from './use-work.tsx';
import './call.css';

/** 我的录检: one candidate at a time, everything for the call on one screen. */
export function QueuePage() {
  const { work, error, refresh } = useWork();
  const [message, say] = useState<string | null>(null);
  const [pauseAfter, setPauseAfter] = useState(false);
  const kept = useRef<Kept | null>(null);
  const gone = (held: LeaseData, draft: DraftState) => {
    kept.current = { caseId: held.case.id, draft: { ...emptyDraft, note: draft.note } };
    say(lostWords(held, draft));
  };
  useLeaseGone(work, (held) => {
    gone(held, readDraft(typedDraft(held.id) ?? held.draft));
    if (work?.incomplete.length === 0) say(`${held.candidate.name}的占用已结束（${ENDINGS}）。`);
  });

  if (!work) return error ? <ErrorNote error={error} onRetry={refresh} /> : <Loading rows={10} />;
  const { lease, settings } = work;
  const shared = { work, say, message, refresh, pauseAfter, setPauseAfter };
  return (
    <NameWatermark>
      <title>我的录检 · 智招</title>
      <h1 className="zz-offscreen">我的录检</h1>
      {lease && settings ? (
        <CallDesk
          key={lease.id}
          {...shared}
          lease={lease}
          settings={settings}
          initial={initialDraft(typedDraft(lease.id) ?? lease.draft, lease.case.id, kept.current)}
          keep={(held, draft) => {
            kept.current = { caseId: held.case.id, draft: draftAfterUndo(draft, held) };
          }}
          lost={(held, draft) => {
            gone(held, draft);
            refresh();
          }}
        />
      ) : (
        <NoCase {...shared} />
      )}
    </NameWatermark>
  );
}

interface Kept {
  readonly caseId: string;
  readonly draft: DraftState;
}

const ENDINGS = '超时、已改派，或在别的页面登记过';

/** The lease is over before a result was saved: what has become of the candidate, the call and the note. */
const lostWords = (lease: LeaseData, draft: DraftState): string =>
  dialledAt(lease, draft) === null
    ? `${lease.candidate.name}的占用已结束（${ENDINGS}）。`
    : `${lease.candidate.name}的占用已超时，考生回到了队列。已拨出的这一通请先补填结果。`;

/** After an undo the same candidate comes back with what was typed, even where the server has no draft any more. */
function initialDraft(text: string | null, caseId: string, kept: Kept | null): DraftState {
  if (text !== null) return readDraft(text);
  return kept?.caseId === caseId ? kept.draft : readDraft(null);
}
