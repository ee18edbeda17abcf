import { App, Form, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import type { EscalationTier } from '#season/rules';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatDateTime } from '#ui/format';
import { useKeyBlock } from '#ui/keyboard';
import { TIER_LABELS } from '../consequence.rules.ts';
import { type EscalationDetailView, passOnEscalation } from '../escalation.contract.ts';

interface PassOnProps {
  readonly detail: EscalationDetailView;
  readonly onClose: () => void;
  readonly onDone: (id: string) => void;
}

const SUMMARY_MIN = 10;
const SUMMARY_MAX = 500;

/** First words of the summary, from the ledger; whoever passes it on adds what only they know. */
function firstWords({ evidence, attempts, summary }: EscalationDetailView): string {
  const last = Math.max(0, ...evidence.map(({ lastAt }) => lastAt));
  const tried = attempts === 0 ? '尚无联系记录' : `共联系 ${attempts} 次，最近 ${formatDateTime(last)}`;
  return `${tried}。${summary}`.slice(0, SUMMARY_MAX);
}

/** To the next tier, with a summary in writing. */
export function EscalationPassOn({ detail, onClose, onDone }: PassOnProps) {
  const { message } = App.useApp();
  const [tier, setTier] = useState<EscalationTier | null>(detail.nextTiers[0] ?? null);
  const [summary, setSummary] = useState(() => firstWords(detail));
  useKeyBlock(true);
  const pass = useCommand(passOnEscalation, {
    onDone: ({ id }) => {
      void message.success('已转交；对方接手前仍由您负责。');
      onClose();
      onDone(id);
    },
  });
  const ready = tier !== null && summary.trim().length >= SUMMARY_MIN;
  const submit = () => {
    if (tier !== null) pass.mutate({ params: { id: detail.id }, body: { tier, summary: summary.trim() } });
  };
  return (
    <Modal
      open
      title={`转交 ${detail.candidateName}`}
      okText="转交"
      confirmLoading={pass.isPending}
      okButtonProps={{ disabled: !ready }}
      onOk={submit}
      onCancel={onClose}
    >
      <Form layout="vertical">
        <Form.Item label="转给">
          <Radio.Group
            value={tier}
            onChange={(event) => setTier(event.target.value as EscalationTier)}
            options={detail.nextTiers.map((value) => ({ value, label: TIER_LABELS[value] }))}
          />
        </Form.Item>
        <Form.Item label="情况汇总（联系记录由系统附上）">
          <Input.TextArea
            aria-label="情况汇总"
            rows={5}
            maxLength={SUMMARY_MAX}
            showCount
            value={summary}
            onChange={(event) => setSummary(event.target.value)}
          />
        </Form.Item>
      </Form>
      {pass.error && <ErrorNote error={pass.error} />}
    </Modal>
  );
}
