import { Input } from 'antd';
import { useRef, useState } from 'react';
import type { ApiError } from '#ui/api';
import { newKey } from '#ui/request';
import { CHANNEL_LABELS, messageRoute } from '../contract.ts';
import { Choice, PanelFrame } from './panel-frame.tsx';
import type { DeskPanelProps } from './panel-props.tsx';
import { useWorkCommand } from './use-work.tsx';

const channels = ['wechat', 'qq'] as const;
const outcomes = [
  ['added', '已加好友'],
  ['sent', '已发好友申请 / 已留言'],
  ['answered', '对方已回复'],
  ['not_found', '搜不到账号'],
  ['declined', '对方拒绝'],
] as const;

/** 微信 or QQ: one key says how it went. Messages without an answer count as attempts, not as contacts. */
export function SocialPanel({ desk, say }: DeskPanelProps) {
  const [channel, setChannel] = useState<(typeof channels)[number]>('wechat');
  const [text, setText] = useState('');
  const clientKey = useRef(newKey());
  const send = useWorkCommand(messageRoute, () => desk.open(null));
  const log = (outcome: (typeof outcomes)[number][0]) => {
    if (send.isPending) return;
    const phoneId = desk.number?.kind === 'mobile' ? desk.number.phoneId : null;
    send.mutate(
      {
        params: { leaseId: desk.lease.id },
        body: { clientKey: clientKey.current, channel, phoneId, outcome, text },
      },
      { onError: (error: ApiError) => say(error.message) },
    );
  };
  const flip = () => setChannel((now) => (now === 'wechat' ? 'qq' : 'wechat'));
  const keys = {
    ...Object.fromEntries(
      outcomes.map(([outcome, label], index) => [String(index + 1), { label, run: () => log(outcome) }]),
    ),
    Q: { label: '微信 / QQ 切换', run: flip },
  };
  return (
    <PanelFrame
      title={`登记${CHANNEL_LABELS[channel]}联系`}
      onClose={() => desk.open(null)}
      keys={keys}
      busy={send.isPending}
    >
      <div className="zz-choices">
        <Choice chord="Q" onClick={flip}>
          现在是{CHANNEL_LABELS[channel]}，换成{channel === 'wechat' ? 'QQ' : '微信'}
        </Choice>
      </div>
      <div className="zz-choices">
        {outcomes.map(([outcome, label], index) => (
          <Choice key={outcome} chord={String(index + 1)} onClick={() => log(outcome)}>
            {label}
          </Choice>
        ))}
      </div>
      <Input
        aria-label="说明"
        placeholder="账号或说明，可不填（Tab 到这里，填好后按 Esc 回来再选）"
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
          event.stopPropagation();
          event.currentTarget.blur();
        }}
      />
    </PanelFrame>
  );
}
