import type { LeaseData, WorkView } from '../work.contract.ts';
import type { DraftState, Settings } from './call-state.ts';

/** What the page hands to the desk of one candidate. */
export interface DeskProps {
  readonly work: WorkView;
  readonly lease: LeaseData;
  readonly settings: Settings;
  readonly initial: DraftState;
  readonly pauseAfter: boolean;
  /** A sentence for the line at the top; null clears it. */
  readonly say: (message: string | null) => void;
  /** What was typed, for the case that the finish is undone. */
  readonly keep: (lease: LeaseData, draft: DraftState) => void;
  /** The candidate is no longer held: says why, keeps the note, asks anew. */
  readonly lost: (lease: LeaseData, draft: DraftState) => void;
  readonly refresh: () => void;
}
