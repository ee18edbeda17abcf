import { useState } from 'react';
import { type ApiError, api } from '#ui/api';
import { serverNow } from '#ui/clock';
import { useSession } from '#ui/session';
import { presenceRoute } from '../case.contract.ts';
import { dialRoute } from '../contract.ts';
import { type ResultKeys, resultKeys } from '../key.rules.ts';
import type { Outcome } from '../outcome.rules.ts';
import type { LeaseData, NumberData, WorkView } from '../work.contract.ts';
import type { Panel } from './call-keys.ts';
import {
  answeredAt,
  type CallPhase,
  callPhase,
  chosenNumber,
  type DraftState,
  type HandOverData,
  type Preview,
  preview,
  type Settings,
  savesAtOnce,
  stageOf,
} from './call-state.ts';
import type { DeskProps } from './desk-props.ts';
import { useFinish } from './use-finish.tsx';
import { useDraftKeeper, useHeartbeat } from './use-hold.tsx';
import { useAmendLease } from './use-work.tsx';

/** What the parts of the screen share while a candidate is in hand. */
export interface Desk {
  readonly work: WorkView;
  readonly lease: LeaseData;
  readonly settings: Settings;
  readonly draft: DraftState;
  readonly change: (change: Partial<DraftState>) => void;
  readonly phase: CallPhase;
  readonly results: ResultKeys;
  readonly number: NumberData | null;
  readonly panel: Panel | null;
  readonly open: (panel: Panel | null) => void;
  readonly busy: boolean;
  /** Asks what saving would lead to. `handOver`: with the case handed upwards in the same step. */
  readonly look: (outcome: Outcome, now: number, change?: Part) => Preview;
  readonly dial: () => void;
  readonly hangUp: () => void;
  readonly choose: (outcome: Outcome, change?: Partial<DraftState>) => void;
  readonly save: (outcome?: Outcome, change?: Part) => void;
}

/** Something said together with the outcome. */
type Part = Partial<DraftState> & { readonly handOver?: HandOverData };

export function useDesk(props: DeskProps): Desk {
  const { work, lease, settings, say } = props;
  const session = useSession();
  const escalationTeam = session.roles.includes('escalation_member');
  const [draft, setDraft] = useState(props.initial);
  const [panel, setPanel] = useState<Panel | null>(null);
  const change = (part: Partial<DraftState>) => setDraft((now) => ({ ...now, ...part }));
  const lost = () => props.lost(lease, draft);
  const finish = useFinish(props);
  const dialling = useDial(lease, say);
  useDraftKeeper(lease, draft, { waits: finish.busy, lost });
  useHeartbeat(lease, settings, lost);

  const look: Desk['look'] = (outcome, now, { handOver, ...part } = {}) =>
    preview(outcome, {
      ...{ lease, settings, now, escalationTeam, draft: { ...draft, ...part } },
      ...(handOver ? { handOver } : {}),
    });
  const save: Desk['save'] = (outcome = draft.outcome ?? undefined, { handOver, ...part } = {}) => {
    const said = { ...draft, ...part };
    if (callPhase(lease, said) === 'idle') return say('还没有拨打，不能登记结果；请先按 D 拨打。');
    if (!outcome) return say('还没有选择结果，请按 1–9 选一项后再保存。');
    const seen = look(outcome, serverNow(), { ...said, ...(handOver ? { handOver } : {}) });
    change({ ...part, outcome });
    if (!seen.ok) return say(seen.message);
    finish.send({ ...said, outcome }, outcome, handOver);
  };
  const phase = callPhase(lease, draft);
  return {
    work,
    lease,
    settings,
    draft,
    change,
    phase,
    results: resultKeys({
      stage: stageOf(lease, draft),
      withdrawable: lease.facts.withdrawable,
      escalationTeam,
    }),
    number: chosenNumber(lease, draft),
    panel,
    open: setPanel,
    busy: finish.busy || dialling.busy,
    look,
    save,
    dial: () => dialling.dial(chosenNumber(lease, draft)),
    hangUp: () => {
      change({ endedAt: serverNow() });
      // A pause that was asked for already stands; it is not overwritten.
      if (!props.pauseAfter) void api(presenceRoute, { body: { state: 'wrap_up' } }).catch(() => undefined);
    },
    choose: (outcome, part = {}) => {
      const checked = confirmed(outcome, draft);
      const said = { ...part, ...(checked ? { checked } : {}) };
      const asksMore =
        (outcome === 'R1' && draft.outcome !== 'R1') || (outcome === 'A8' && draft.callback === null);
      if (!asksMore && savesAtOnce(outcome, phase, draft.outcome)) return save(outcome, said);
      const seen = look(outcome, serverNow(), {
        ...said,
        ...(outcome === draft.outcome ? {} : { callback: null }),
      });
      say(seen.ok || ['check_needed', 'callback_invalid'].includes(seen.code) ? null : seen.message);
      change({ ...said, outcome });
      if (outcome === 'A8' && draft.callback === null) setPanel('callback');
    },
  };
}

/** Pressing 确认录取 a second time says that major and identity were read back. */
const confirmed = (outcome: Outcome, { outcome: chosen }: DraftState) =>
  outcome === 'R1' && chosen === 'R1' ? { major: true, identity: true } : null;

function useDial(lease: LeaseData, say: DeskProps['say']) {
  const amend = useAmendLease();
  const [busy, setBusy] = useState(false);
  const dial = async (number: NumberData | null) => {
    if (busy || lease.dialStartedAt !== null) return;
    if (number === null) return say('没有可拨的号码：按 P 添加号码，或按 E 转交查号。');
    if (number.barred !== null) return say(number.barred);
    setBusy(true);
    say(null);
    try {
      const { dialStartedAt } = await api(dialRoute, {
        params: { leaseId: lease.id },
        body: { phoneId: number.phoneId },
      });
      amend(lease.id, { dialStartedAt, phoneId: number.phoneId });
    } catch (error) {
      say((error as ApiError).message);
    } finally {
      setBusy(false);
    }
  };
  return { dial: (number: NumberData | null) => void dial(number), busy };
}

/** Whether the candidate has been reached in this call. */
export const isAnswered = ({ lease, draft }: Pick<Desk, 'lease' | 'draft'>): boolean =>
  answeredAt(lease, draft) !== null;
