import { App, Checkbox, Form, Input, InputNumber, Modal, Select } from 'antd';
import { useState } from 'react';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatDateTime } from '#ui/format';
import { useKeyBlock } from '#ui/keyboard';
import { useSession } from '#ui/session';
import { correctRoute } from '../case.contract.ts';
import { outcomeLabel } from '../contract.ts';
import { mayNotSet } from '../key.rules.ts';
import { ANSWERERS, LINES, type Outcome, RESULTS, ruleOf } from '../outcome.rules.ts';
import type { ContactData } from '../work.contract.ts';
import { answerOf } from './call-state.ts';

interface CorrectProps {
  readonly contact: ContactData;
  readonly onClose: () => void;
}

const REASON_MIN = 2;

/** 更正: the right result beside the wrong one, with a reason. */
export function CorrectModal({ contact, onClose }: CorrectProps) {
  const { message } = App.useApp();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [minutes, setMinutes] = useState<number | null>(Math.round(contact.talkSeconds / 60));
  const [isChecked, setChecked] = useState(false);
  const [reason, setReason] = useState('');
  useKeyBlock(true);
  const correct = useCommand(correctRoute, {
    renews: ['follow-up', 'candidates', 'queue', 'reports'],
    onDone: () => {
      void message.success('已更正，原来的结果保留在记录里。');
      onClose();
    },
  });
  const talked = outcome !== null && ruleOf(outcome).contact;
  const ready = outcome !== null && reason.trim().length >= REASON_MIN;
  const submit = () =>
    outcome &&
    correct.mutate({
      params: { attemptId: contact.attemptId },
      body: {
        ...answerOf(outcome),
        talkSeconds: talked ? Math.round((minutes ?? 0) * 60) : 0,
        checked: { major: isChecked, identity: isChecked },
        reason: reason.trim(),
      },
    });
  return (
    <Modal
      open
      title={`更正 ${formatDateTime(contact.at)} 的结果`}
      okText="更正"
      okButtonProps={{ disabled: !ready }}
      confirmLoading={correct.isPending}
      mask={{ closable: false }}
      onOk={submit}
      onCancel={onClose}
    >
      <p className="zz-consequence">
        原来登记的是“{outcomeLabel(contact.outcome)}
        ”。更正最近一次联系，会按新结果重新安排下一步；更早的联系只改统计。已办结的考生更正后仍是办结，要继续回访请招办或督查组重新开放。
      </p>
      <Form layout="vertical">
        <Form.Item label="正确的结果" required>
          <Select<Outcome>
            aria-label="正确的结果"
            showSearch={{ optionFilterProp: 'label' }}
            value={outcome}
            options={useChoices(contact.outcome)}
            onChange={setOutcome}
          />
        </Form.Item>
        {talked && (
          <Form.Item label="通话分钟">
            <InputNumber aria-label="通话分钟" min={0} max={240} value={minutes} onChange={setMinutes} />
          </Form.Item>
        )}
        {outcome === 'R1' && (
          <Checkbox checked={isChecked} onChange={({ target }) => setChecked(target.checked)}>
            已与考生核对专业和身份信息
          </Checkbox>
        )}
        <Form.Item label="原因" required>
          <Input.TextArea
            aria-label="原因"
            rows={2}
            maxLength={200}
            placeholder="按错了键、听录音核对……"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </Form.Item>
      </Form>
      <ErrorNote error={correct.error} />
    </Modal>
  );
}

/** Every result that this person may set, but for the one that stands. */
function useChoices(standing: string) {
  const escalationTeam = useSession().roles.includes('escalation_member');
  const group = (label: string, codes: readonly Outcome[]) => ({
    label,
    options: codes
      .filter((code) => code !== standing && code !== 'A8' && mayNotSet(code, escalationTeam) === null)
      .map((value) => ({ value, label: ruleOf(value).label })),
  });
  return [group('没接通', LINES), group('有人接', ANSWERERS), group('考生的意向', RESULTS)];
}
