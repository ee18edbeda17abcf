import type { Desk } from './use-desk.tsx';

/** What every sheet over the call screen is given. */
export interface DeskPanelProps {
  readonly desk: Desk;
  /** A sentence for the line at the top. */
  readonly say: (message: string | null) => void;
}
