import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { type ApiError, api } from '#ui/api';
import { draftRoute, heartbeatRoute } from '../contract.ts';
import type { LeaseData } from '../work.contract.ts';
import { type DraftState, draftText, readDraft, type Settings } from './call-state.ts';
import { useAmendLease } from './use-work.tsx';

/** Keeps a candidate in hand and what was typed about them safe, while the page is open. */

const SAVE_MS = 500;
/** What could not be saved is tried again after this long. */
const AGAIN_MS = 5_000;

/** What was typed last. It outlives the screen: whoever looks elsewhere, or has to sign in again in the middle of a call, finds it. */
let typed: { readonly leaseId: string; readonly text: string } | null = null;

export const typedDraft = (leaseId: string): string | null =>
  typed?.leaseId === leaseId ? typed.text : null;

interface Keeping {
  /** The result is being sent: it carries the note itself. */
  readonly waits: boolean;
  readonly lost: () => void;
}

/** Saves what was typed half a second after the last change, at once when the page is hidden, and again until it is stored. */
export function useDraftKeeper(lease: LeaseData, draft: DraftState, { waits, lost }: Keeping): void {
  const text = draftText(draft);
  const saved = useRef(draftText(readDraft(lease.draft)));
  const [failures, setFailures] = useState(0);
  const gone = useEffectEvent(lost);
  useEffect(() => {
    if (text === saved.current || waits) return;
    typed = { leaseId: lease.id, text };
    const keep = () => {
      if (text === saved.current) return;
      saved.current = text;
      api(draftRoute, { params: { leaseId: lease.id }, body: { text } }).catch((error: ApiError) => {
        saved.current = '';
        if (error.code === 'lease_ended') gone();
        else setFailures((now) => now + 1);
      });
    };
    const timer = setTimeout(keep, failures === 0 ? SAVE_MS : AGAIN_MS);
    const hidden = () => document.visibilityState === 'hidden' && keep();
    document.addEventListener('visibilitychange', hidden);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', hidden);
    };
  }, [lease.id, text, waits, failures]);
}

/** Says every minute that the page is open; the server then keeps the candidate for this caller. */
export function useHeartbeat(lease: LeaseData, { heartbeatSeconds }: Settings, lost: () => void): void {
  const amend = useAmendLease();
  const gone = useEffectEvent(lost);
  useEffect(() => {
    const beat = () =>
      void api(heartbeatRoute, { params: { leaseId: lease.id } }).then(
        ({ expiresAt }) => amend(lease.id, { expiresAt }),
        (error: ApiError) => {
          if (error.code === 'lease_ended') gone();
        },
      );
    const timer = setInterval(beat, heartbeatSeconds * 1000);
    window.addEventListener('online', beat);
    return () => {
      clearInterval(timer);
      window.removeEventListener('online', beat);
    };
  }, [lease.id, heartbeatSeconds, amend]);
}
