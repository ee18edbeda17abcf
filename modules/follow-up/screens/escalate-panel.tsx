import { Input } from 'antd';
import { useState } from 'react';
import { ESCALATION_TIERS, type EscalationTier } from '#season/rules';
import type { ApiError } from '#ui/api';
import { escalateRoute } from '../case.contract.ts';
import { TIER_LABELS } from '../consequence.rules.ts';
import { Choice, PanelFrame } from './panel-frame.tsx';
import type { DeskPanelProps } from './panel-props.tsx';
import { useWorkCommand } from './use-work.tsx';
import { evidenceLines, summaryOf } from './words.ts';

const SUMMARY_MIN = 5;

/** Upwards: whom to, what is on record (computed, not typed), and what the caller adds. */
export function EscalatePanel({ desk, say }: DeskPanelProps) {
  const { lease } = desk;
  const [tier, setTier] = useState<EscalationTier | null>(null);
  const [summary, setSummary] = useState(() => summaryOf(lease, desk.draft.note));
  const escalate = useWorkCommand(escalateRoute);
  const dialled = desk.phase !== 'idle';
  const submit = () => {
    if (tier === null) return;
    escalate.mutate(
      { params: { leaseId: lease.id }, body: { tier, summary: summary.trim() } },
      {
        onError: (error: ApiError) => {
          desk.open(null);
          say(error.message);
        },
      },
    );
  };
  const keys = Object.fromEntries(
    ESCALATION_TIERS.map((one, index) => [
      String(index + 1),
      { label: `升级到${TIER_LABELS[one]}`, run: () => setTier(one) },
    ]),
  );
  const refused = dialled
    ? '已经拨打：请先登记结果；投诉、信息不符、去世重病会自动转出'
    : tier === null
      ? '请选择升级到哪里'
      : summary.trim().length < SUMMARY_MIN
        ? '请写明情况，至少 5 个字'
        : null;
  return (
    <PanelFrame
      title={`升级：${lease.candidate.name}`}
      onClose={() => desk.open(null)}
      keys={keys}
      onSubmit={submit}
      submitLabel="升级并取下一位"
      busy={escalate.isPending}
      refused={refused}
    >
      <div className="zz-choices">
        {ESCALATION_TIERS.map((one, index) => (
          <Choice key={one} chord={String(index + 1)} chosen={one === tier} onClick={() => setTier(one)}>
            {TIER_LABELS[one]}
          </Choice>
        ))}
      </div>
      <h4>系统附上的记录</h4>
      <ul className="zz-evidence">
        {evidenceLines(lease).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <Input.TextArea
        aria-label="情况说明"
        rows={4}
        maxLength={500}
        showCount
        value={summary}
        onChange={(event) => setSummary(event.target.value)}
      />
      <p className="zz-note">接手之前仍由现在的负责人负责。</p>
    </PanelFrame>
  );
}
