import type { ComponentType } from 'react';
import type { Panel } from './call-keys.ts';
import { EscalatePanel } from './escalate-panel.tsx';
import { InboundPanel } from './inbound-panel.tsx';
import { MessagePanel } from './message-panel.tsx';
import { MorePanel } from './more-panel.tsx';
import { NumberPanel } from './number-panel.tsx';
import { ObjectionsPanel } from './objections-panel.tsx';
import type { DeskPanelProps } from './panel-props.tsx';
import { PausePanel } from './pause-panel.tsx';
import { PlaybookPanel } from './playbook-panel.tsx';
import { SkipPanel } from './skip-panel.tsx';
import { SocialPanel } from './social-panel.tsx';
import { TagsPanel } from './tags-panel.tsx';
import { TimePanel } from './time-panel.tsx';
import { useInbound } from './use-inbound.tsx';

interface PanelHostProps extends DeskPanelProps {
  readonly setPauseAfter: (pause: boolean) => void;
}

const panels = {
  time: TimePanel,
  message: MessagePanel,
  social: SocialPanel,
  number: NumberPanel,
  tags: TagsPanel,
  escalate: EscalatePanel,
  playbook: PlaybookPanel,
  skip: SkipPanel,
  objections: ObjectionsPanel,
  more: MorePanel,
} as const satisfies Partial<Record<Panel, ComponentType<DeskPanelProps>>>;

/** The sheet that a key has opened, if any. */
export function PanelHost({ desk, say, setPauseAfter }: PanelHostProps) {
  const { panel } = desk;
  useInbound(desk.open);
  const close = () => desk.open(null);
  if (panel === null || panel === 'callback') return null;
  if (panel === 'inbound') return <InboundPanel say={say} onClose={close} />;
  if (panel === 'pause')
    return <PausePanel say={say} inHand setPauseAfter={setPauseAfter} refresh={close} onClose={close} />;
  const Open = panels[panel];
  return <Open desk={desk} say={say} />;
}
