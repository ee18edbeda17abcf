import { Input } from 'antd';
import { useState } from 'react';
import { mergeText } from '#script/rules';
import { KeyCap } from '#ui/keyboard';
import { PanelFrame } from './panel-frame.tsx';
import type { DeskPanelProps } from './panel-props.tsx';
import { useMergeValues } from './script-pane.tsx';
import { findObjections, isScript } from './script-walk.ts';

const CHORDS = '123456789ABCDEFGHIJKLMNOP';

/** What people object to, and the honest answer with its source. One key opens one, typing searches. */
export function ObjectionsPanel({ desk }: DeskPanelProps) {
  const body = desk.lease.script?.body;
  const values = useMergeValues(desk.lease);
  const [text, setText] = useState('');
  const [picked, pick] = useState<string | null>(null);
  const all = isScript(body) ? body.objections : [];
  const found = findObjections(all, text);
  const shown =
    found.find(({ id }) => id === picked) ?? (found.length === 1 || text !== '' ? found[0] : undefined);
  const keys = Object.fromEntries(
    found
      .slice(0, CHORDS.length)
      .map(({ id, title }, index) => [CHORDS[index] ?? '', { label: title, run: () => pick(id) }]),
  );
  return (
    <PanelFrame title="异议解答" onClose={() => desk.open(null)} keys={keys}>
      {all.length === 0 && (
        <p className="zz-note">这份话术没有异议解答。请如实回答；答不上来的，约时间由专人回复。</p>
      )}
      {all.length > 0 && (
        <>
          <div className="zz-choices">
            {found.map(({ id, title }, index) => (
              <button
                key={id}
                type="button"
                className="zz-plain zz-choice"
                aria-pressed={id === shown?.id}
                onClick={() => pick(id)}
              >
                {index < CHORDS.length && <KeyCap chord={CHORDS[index] ?? ''} />} {title}
              </button>
            ))}
          </div>
          <Input
            aria-label="搜索异议"
            placeholder="搜索：学费、偏远、复读…（Tab 到这里）"
            value={text}
            maxLength={40}
            onChange={(event) => {
              setText(event.target.value);
              pick(null);
            }}
          />
        </>
      )}
      {shown && (
        <article className="zz-objection">
          <p className="zz-note">对方常说：{shown.keyword}</p>
          <blockquote>{mergeText(shown.say, values)}</blockquote>
          {shown.source && <p className="zz-note">依据：{shown.source}</p>}
        </article>
      )}
      {text !== '' && found.length === 0 && <p className="zz-note">没有找到，换个词试试。</p>}
    </PanelFrame>
  );
}
