import { Input } from 'antd';
import { useState } from 'react';
import { useNow } from '#ui/clock';
import { sayTime } from '../day-part.rules.ts';
import { agree } from './agree.tsx';
import { parseCallback } from './callback-time.ts';
import { PanelFrame } from './panel-frame.tsx';
import type { DeskPanelProps } from './panel-props.tsx';

/** Any other time, typed the way people say it. */
export function TimePanel({ desk }: DeskPanelProps) {
  const now = useNow('second');
  const [text, setText] = useState('');
  const at = parseCallback(text, now);
  const refused =
    text === '' ? '请输入时间' : at === null ? '没看懂这个时间' : at <= now ? '这个时间已经过去' : null;
  const done = () => {
    if (at !== null && at > now) agree(desk, at);
  };
  return (
    <PanelFrame
      title="约定回电时间"
      onClose={() => desk.open(null)}
      onSubmit={done}
      refused={refused}
      submitLabel="约这个时间"
    >
      <Input
        autoFocus
        size="large"
        aria-label="回电时间"
        placeholder="1530、明天 9:30、7-28 10:00，或 +30（分钟后）"
        maxLength={20}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onPressEnter={(event) => {
          if (!event.nativeEvent.isComposing && !event.ctrlKey) done();
        }}
      />
      <p className="zz-panel-big">{at !== null && at > now ? `${sayTime(at, now)} 回电` : '　'}</p>
    </PanelFrame>
  );
}
