import { Input } from 'antd';
import { useRef, useState } from 'react';
import { RELATION_LABELS } from '#candidate/contract';
import { mergeText } from '#script/rules';
import type { ApiError } from '#ui/api';
import { newKey } from '#ui/request';
import { messageRoute } from '../contract.ts';
import { useAids } from './candidate-pane.tsx';
import { Choice, PanelFrame } from './panel-frame.tsx';
import type { DeskPanelProps } from './panel-props.tsx';
import { useMergeValues } from './script-pane.tsx';
import { useWorkCommand } from './use-work.tsx';
import { readable } from './words.ts';

/** An approved message, filled in for this candidate, put into the queue of messages and into the ledger. */
export function MessagePanel({ desk, say }: DeskPanelProps) {
  const { lease } = desk;
  const aids = useAids(lease);
  const values = useMergeValues(lease);
  const templates = aids.data?.messages ?? [];
  const mobiles = lease.numbers.filter(({ kind, state }) => kind === 'mobile' && state !== 'do_not_call');
  const [at, setAt] = useState<number | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const [phoneId, setPhoneId] = useState(
    (mobiles.find((one) => one.phoneId === desk.number?.phoneId) ?? mobiles[0])?.phoneId ?? null,
  );
  const template = at === null ? undefined : templates[at];
  const text = typed ?? mergeText(template?.text ?? '', values);
  const clientKey = useRef(newKey());
  const send = useWorkCommand(messageRoute, () => desk.open(null));
  const submit = () => {
    const scriptVersionId = typed === null ? (template?.versionId ?? null) : null;
    const sent = { channel: 'sms', phoneId, outcome: 'sent', text, scriptVersionId } as const;
    const body = { ...sent, clientKey: clientKey.current };
    send.mutate(
      { params: { leaseId: lease.id }, body },
      { onError: (error: ApiError) => say(error.message) },
    );
  };
  const choose = (index: number) => {
    setAt(index);
    setTyped(null);
  };
  const keys = Object.fromEntries(
    templates
      .slice(0, 9)
      .map(({ name }, index) => [String(index + 1), { label: name, run: () => choose(index) }]),
  );
  const refused = refusal(text, phoneId, templates.length > 0 || typed !== null);
  return (
    <PanelFrame
      title="发短信"
      onClose={() => desk.open(null)}
      keys={keys}
      onSubmit={submit}
      submitLabel="登记并排队发送"
      busy={send.isPending}
      refused={refused}
    >
      <div className="zz-choices">
        {templates.map(({ versionId, name }, index) => (
          <Choice
            key={versionId}
            chord={String(index + 1)}
            chosen={index === at}
            onClick={() => choose(index)}
          >
            {name}
          </Choice>
        ))}
      </div>
      <div className="zz-choices" role="radiogroup" aria-label="发到">
        {mobiles.map((one) => (
          <label key={one.phoneId}>
            <input
              type="radio"
              name="sms-number"
              checked={one.phoneId === phoneId}
              onChange={() => setPhoneId(one.phoneId)}
            />{' '}
            {RELATION_LABELS[one.relation]} {readable(one.number)}
          </label>
        ))}
      </div>
      <Input.TextArea
        aria-label="短信内容"
        rows={5}
        maxLength={500}
        showCount
        value={text}
        onChange={(event) => setTyped(event.target.value)}
      />
      <p className="zz-note">
        先登记在联系记录里；发送通道开通后由系统发出。每个号码每天的条数由本季设置决定。
      </p>
    </PanelFrame>
  );
}

function refusal(text: string, phoneId: string | null, hasText: boolean): string | null {
  if (phoneId === null) return '没有可发短信的手机号码';
  if (!hasText) return '没有审批通过的短信模板，请联系招办';
  return text.trim() === '' ? '请先选一份模板' : null;
}
