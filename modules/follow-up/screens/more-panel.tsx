import { ruleOf } from '../outcome.rules.ts';
import { ResultKey } from './outcome-pane.tsx';
import { PanelFrame } from './panel-frame.tsx';
import type { DeskPanelProps } from './panel-props.tsx';

const letters = 'ABCDEFGHIJKLMNOP';

/** The rarer results, each with its letter and what it leads to. */
export function MorePanel({ desk }: DeskPanelProps) {
  const { more } = desk.results;
  const choose = (index: number) => {
    const outcome = more[index];
    if (!outcome) return;
    desk.open(null);
    desk.choose(outcome);
  };
  const keys = Object.fromEntries(
    more.map((outcome, index) => [
      letters[index] ?? '',
      { label: ruleOf(outcome).label, run: () => choose(index) },
    ]),
  );
  return (
    <PanelFrame title="更多结果" onClose={() => desk.open(null)} keys={keys}>
      <div className="zz-results">
        {more.map((outcome, index) => (
          <ResultKey key={outcome} desk={desk} outcome={outcome} chord={letters[index] ?? ''} />
        ))}
      </div>
      <p className="zz-note">“联系不上”由系统判定，不能手工选择。</p>
    </PanelFrame>
  );
}
