import { PanelFrame } from './panel-frame.tsx';
import type { DeskPanelProps } from './panel-props.tsx';
import { PlaybookSteps } from './playbook-steps.tsx';

/** The same steps beside the call: a number found here can be dialled at once. */
export function PlaybookPanel({ desk }: DeskPanelProps) {
  const { lease } = desk;
  return (
    <PanelFrame title={`联系不上的办法：${lease.candidate.name}`} onClose={() => desk.open(null)}>
      <PlaybookSteps caseId={lease.case.id} />
      <p className="zz-note">短信按 S，微信 / QQ 按 W，转组长或突击组按 E；先按 Esc 收起。</p>
    </PanelFrame>
  );
}
