import { Input } from 'antd';
import { useState } from 'react';
import { ESCALATION_TIERS, type EscalationTier } from '#season/rules';
import type { ApiError } from '#ui/api';
import { serverNow } from '#ui/clock';
import { KeyCap } from '#ui/keyboard';
import { useSession } from '#ui/session';
import { escalateRoute } from '../case.contract.ts';
import { TIER_LABELS } from '../consequence.rules.ts';
import { firstTier } from '../escalation.rules.ts';
import { type Outcome, ruleOf } from '../outcome.rules.ts';
import { handOverGap, TriedSteps } from './escalate-tried.tsx';
import { Choice, PanelFrame } from './panel-frame.tsx';
import type { DeskPanelProps } from './panel-props.tsx';
import type { Desk } from './use-desk.tsx';
import { useWorkCommand } from './use-work.tsx';
import { evidenceLines, summaryOf } from './words.ts';

const SUMMARY_MIN = 5;

/** Upwards: whom to, what came of the call if there was one, what is on record (computed, not typed), what the caller adds. */
export function EscalatePanel({ desk, say }: DeskPanelProps) {
  const { lease } = desk;
  const [tier, setTier] = useState<EscalationTier>(firstTier(useSession().roles));
  const [typed, setTyped] = useState<string | null>(null);
  const summary = typed ?? summaryOf(lease, desk.draft.note);
  const { submit, busy, refused, outcome, choose } = useHandOver(desk, say, { tier, summary });
  // A result with a receiver of its own goes there.
  const pick = (one: Outcome) => {
    const own = ruleOf(one).escalation;
    if (own?.at === 'once') setTier(own.tier);
    choose(one);
  };
  const keys = Object.fromEntries(
    ESCALATION_TIERS.map((one, index) => [
      String(index + 1),
      { label: `转交${TIER_LABELS[one]}`, run: () => setTier(one) },
    ]),
  );
  return (
    <PanelFrame
      title={`转交：${lease.candidate.name}`}
      onClose={() => desk.open(null)}
      keys={{ ...keys, ...outcomeKeys(desk, pick) }}
      onSubmit={submit}
      submitLabel={outcome ? '登记、转交并取下一位' : '转交并取下一位'}
      busy={busy}
      refused={refused}
    >
      <div className="zz-choices">
        {ESCALATION_TIERS.map((one, index) => (
          <Choice key={one} chord={String(index + 1)} chosen={one === tier} onClick={() => setTier(one)}>
            {TIER_LABELS[one]}
          </Choice>
        ))}
      </div>
      {desk.phase !== 'idle' && <Outcomes desk={desk} chosen={outcome} onChoose={pick} />}
      <h4>情况说明，可以补充您知道的</h4>
      <Input.TextArea
        aria-label="情况说明"
        rows={3}
        maxLength={500}
        value={summary}
        onChange={(event) => setTyped(event.target.value)}
      />
      <h4>系统附上的记录</h4>
      <ul className="zz-evidence">
        {evidenceLines(lease).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {tier === 'escalation_team' && <TriedSteps caseId={lease.case.id} />}
      <p className="zz-note">接手之前仍由现在的负责人负责。</p>
    </PanelFrame>
  );
}

interface HandOver {
  readonly tier: EscalationTier;
  readonly summary: string;
}

/** Before the first dial a hand-over stands alone; afterwards it goes with the result of the call, in one request. */
function useHandOver(desk: Desk, say: DeskPanelProps['say'], { tier, summary }: HandOver) {
  const { lease, phase, draft } = desk;
  const [outcome, choose] = useState<Outcome | null>(draft.outcome);
  const escalate = useWorkCommand(escalateRoute);
  const handOver = { tier, summary: summary.trim() };
  const dialled = phase !== 'idle';
  const refusedBy = (): string | null => {
    if (handOver.summary.length < SUMMARY_MIN) return '请写明情况，至少 5 个字';
    if (dialled && outcome === null) return '请选这一通的结果（字母键）';
    const gap = tier === 'escalation_team' ? handOverGap(lease, dialled ? outcome : null) : null;
    if (gap !== null || outcome === null || !dialled) return gap;
    const seen = desk.look(outcome, serverNow(), { handOver });
    return seen.ok ? null : seen.message;
  };
  const failed = (error: ApiError) => {
    desk.open(null);
    say(error.message);
  };
  const submit = () => {
    if (!dialled)
      return escalate.mutate({ params: { leaseId: lease.id }, body: handOver }, { onError: failed });
    if (outcome === null) return;
    desk.open(null);
    desk.save(outcome, { handOver });
  };
  return {
    ...{ submit, choose, refused: refusedBy() },
    outcome: dialled ? outcome : null,
    busy: escalate.isPending || desk.busy,
  };
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Results that a hand-over can go with, in the order of the keys. 确认录取 and 勿再来电 end the stage; they stay out. */
const outcomesOf = ({ results }: Desk): readonly Outcome[] =>
  [...results.keys, ...results.more].filter((one) => one !== 'R1' && one !== 'R5');

const outcomeKeys = (desk: Desk, choose: (outcome: Outcome) => void) =>
  desk.phase === 'idle'
    ? {}
    : Object.fromEntries(
        outcomesOf(desk).map((one, index) => [
          letters[index] ?? '',
          { label: `这一通：${ruleOf(one).label}`, run: () => choose(one) },
        ]),
      );

interface OutcomesProps {
  readonly desk: Desk;
  readonly chosen: Outcome | null;
  readonly onChoose: (outcome: Outcome) => void;
}

function Outcomes({ desk, chosen, onChoose }: OutcomesProps) {
  return (
    <>
      <h4>这一通的结果</h4>
      <div className="zz-outcome-grid">
        {outcomesOf(desk).map((one, index) => (
          <button
            key={one}
            type="button"
            className="zz-plain zz-choice"
            aria-pressed={one === chosen}
            onClick={() => onChoose(one)}
          >
            <KeyCap chord={letters[index] ?? ''} /> {ruleOf(one).label}
          </button>
        ))}
      </div>
    </>
  );
}
