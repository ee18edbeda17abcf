import { App, Form, Input, Radio } from 'antd';
import { escalateCaseRoute, firstTier, TIER_LABELS } from '#follow-up/contract';
import { ESCALATION_TIERS, type EscalationTier } from '#season/rules';
import { useCommand } from '#ui/api';
import { FormModal } from '#ui/form-modal';
import { useSession } from '#ui/session';

export interface EscalateModalProps {
  readonly caseId: string;
  /** Masked. */
  readonly name: string;
  readonly onClose: () => void;
}

interface Fields {
  readonly tier: EscalationTier;
  readonly summary: string;
}

/** 转交 from the file: whom to, and what they should know; the record of contacts is attached by the system. */
export function EscalateModal({ caseId, name, onClose }: EscalateModalProps) {
  const { message } = App.useApp();
  const { roles } = useSession();
  const hand = useCommand(escalateCaseRoute, {
    renews: ['candidates', 'escalations', 'follow-up', 'queue'],
    onDone: () => {
      void message.success('已转交，接手以前仍由原负责人负责');
      onClose();
    },
  });
  return (
    <FormModal<Fields>
      title={`转交：${name}`}
      okText="转交"
      initialValues={{ tier: firstTier(roles), summary: '' }}
      busy={hand.isPending}
      error={hand.error}
      onSubmit={(body) => hand.mutate({ params: { caseId }, body })}
      onClose={onClose}
    >
      <Form.Item name="tier" label="转给">
        <Radio.Group options={ESCALATION_TIERS.map((value) => ({ value, label: TIER_LABELS[value] }))} />
      </Form.Item>
      <Form.Item
        name="summary"
        label="情况"
        extra="已经知道什么、希望对方做什么；历次联系由系统附上。"
        rules={[{ required: true, whitespace: true, min: 5, message: '请写明情况，至少 5 个字' }]}
      >
        <Input.TextArea maxLength={500} showCount autoSize={{ minRows: 3, maxRows: 8 }} autoFocus />
      </Form.Item>
    </FormModal>
  );
}
