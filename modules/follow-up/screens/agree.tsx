import type { Outcome } from '../outcome.rules.ts';
import type { Desk } from './use-desk.tsx';

/** An agreed time; where nothing else was chosen the result is 约定时间, and after hanging up that is saved. */
export function agree(desk: Desk, at: number | null) {
  if (at === null) return;
  desk.open(null);
  const callback = { at, scope: 'owner' as const, note: '' };
  const outcome: Outcome = desk.draft.outcome ?? 'A8';
  const onlyTime = desk.draft.outcome === null || desk.draft.outcome === 'A8';
  if (desk.phase === 'ended' && onlyTime) return desk.save(outcome, { callback });
  desk.change({ callback, outcome });
}
