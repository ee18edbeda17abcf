import { App, Descriptions, Form, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatDateTime } from '#ui/format';
import { useKeyBlock } from '#ui/keyboard';
import { DECISION_LABELS, type DecisionView, proposeDecision } from '../decision.contract.ts';
import { DECIDABLE, type Decidable } from '../decision.rules.ts';

const REASON_MIN = 10;

/** The first name: what is proposed, and why. */
export function DecisionPropose({
  row,
  onClose,
}: {
  readonly row: DecisionView;
  readonly onClose: () => void;
}) {
  const { message } = App.useApp();
  const open = DECIDABLE.filter((one) => row.gaps[one] === null);
  const [result, setResult] = useState<Decidable>(open[0] ?? 'admitted');
  const [reason, setReason] = useState('');
  useKeyBlock(true);
  const propose = useCommand(proposeDecision, {
    onDone: () => {
      void message.success('已提出，等招办另一人确认；确认前不再拨打。');
      onClose();
    },
  });
  return (
    <Modal
      open
      title={`提出最终认定：${row.candidateName}`}
      okText="提出"
      okButtonProps={{ disabled: open.length === 0 || reason.trim().length < REASON_MIN }}
      confirmLoading={propose.isPending}
      onOk={() => propose.mutate({ body: { caseId: row.caseId, result, reason: reason.trim() } })}
      onCancel={onClose}
    >
      <p className="zz-note">
        共联系 {row.attempts} 次，接通 {row.contacts} 次。转交和约好的回电会随之结束。
      </p>
      <Form layout="vertical">
        <Form.Item label="结论">
          <Radio.Group
            value={result}
            onChange={(event) => setResult(event.target.value as Decidable)}
            options={DECIDABLE.map((value) => ({
              value,
              label: DECISION_LABELS[value],
              disabled: row.gaps[value] !== null,
            }))}
          />
          {DECIDABLE.filter((one) => row.gaps[one] !== null).map((one) => (
            <p key={one} className="zz-note">
              “{DECISION_LABELS[one]}”不能选：{row.gaps[one]}
            </p>
          ))}
        </Form.Item>
        <Form.Item label="理由（至少 10 个字）">
          <Input.TextArea
            aria-label="理由"
            rows={4}
            maxLength={500}
            showCount
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </Form.Item>
      </Form>
      {propose.error && <ErrorNote error={propose.error} />}
    </Modal>
  );
}

interface ConfirmProps {
  readonly row: DecisionView;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** The second name: what the first one wrote, and what will happen. */
export function DecisionConfirm({ row, busy, error, onConfirm, onClose }: ConfirmProps) {
  useKeyBlock(true);
  return (
    <Modal
      open
      title={`确认：${row.candidateName}`}
      okText="确认办结"
      confirmLoading={busy}
      onOk={onConfirm}
      onCancel={onClose}
    >
      <Descriptions size="small" column={1}>
        <Descriptions.Item label="考生号">{row.candidateNo}</Descriptions.Item>
        <Descriptions.Item label="结论">{row.result ? DECISION_LABELS[row.result] : '—'}</Descriptions.Item>
        <Descriptions.Item label="理由">{row.reason}</Descriptions.Item>
        <Descriptions.Item label="提出人">
          {row.proposedByName} {formatDateTime(row.proposedAt)}
        </Descriptions.Item>
        <Descriptions.Item label="联系">
          共 {row.attempts} 次，接通 {row.contacts} 次
        </Descriptions.Item>
      </Descriptions>
      <p>确认后这 1 名考生本阶段办结，提出人和您的姓名一并留存，不能自行撤销。</p>
      {error !== null && error !== undefined && <ErrorNote error={error} />}
    </Modal>
  );
}
