import { CONNECTED_KEY, type ResultKeys } from '../key.rules.ts';
import { type Outcome, ruleOf } from '../outcome.rules.ts';
import type { CallPhase } from './call-state.ts';
import { CALLBACK_CHOICES, type CallbackChoice } from './callback-time.ts';

/** Which key does what on the call screen, in every state: a call is finished without the mouse. */

export const PANELS = [
  'callback',
  'time',
  'message',
  'social',
  'number',
  'tags',
  'escalate',
  'playbook',
  'skip',
  'pause',
  'inbound',
  'objections',
  'more',
] as const;
export type Panel = (typeof PANELS)[number];

export type Action =
  | {
      readonly do:
        | 'next'
        | 'dial'
        | 'hang_up'
        | 'connected'
        | 'undo'
        | 'save'
        | 'note'
        | 'withdraw'
        | 'clear';
    }
  | { readonly do: 'number'; readonly index: number }
  | { readonly do: 'outcome'; readonly outcome: Outcome }
  | { readonly do: 'panel'; readonly panel: Panel }
  | { readonly do: 'callback'; readonly choice: CallbackChoice }
  | { readonly do: 'script'; readonly step: 'follow' | 'back' | 'up' | 'down' }
  /** The key is known but does nothing now; pressing it says why. */
  | { readonly do: 'refuse'; readonly why: string };

export interface KeyEntry {
  readonly label: string;
  readonly action: Action;
}
export type KeyEntries = Readonly<Record<string, KeyEntry>>;

export interface KeySituation {
  readonly phase: CallPhase | 'none';
  readonly panel: Panel | null;
  readonly answered: boolean;
  readonly results: ResultKeys;
  readonly numbers: number;
  readonly canUndo: boolean;
  /** Why no withdrawal may be registered for the candidate, with the rule; null: it may. */
  readonly withdrawalBarred: string | null;
  readonly paused: boolean;
}

const panelKeys = {
  C: ['约定回电', 'callback'],
  S: ['发短信', 'message'],
  W: ['微信 / QQ', 'social'],
  P: ['新号码', 'number'],
  T: ['关注点、意向', 'tags'],
  E: ['转交', 'escalate'],
  L: ['联系不上的办法', 'playbook'],
  X: ['放回队列', 'skip'],
  O: ['异议解答', 'objections'],
  '0': ['更多结果', 'more'],
} as const satisfies Record<string, readonly [string, Panel]>;

/** All keys of a situation. While a panel is open only its own keys live; those are the panel's business. */
export function keysOf(at: KeySituation): KeyEntries {
  if (at.panel === 'callback') return callbackKeys;
  if (at.panel !== null) return {};
  const always = { ...everywhere(at), ...undoKey(at) };
  const { phase } = at;
  return phase === 'none' ? always : { ...always, ...caseKeys(at, phase), ...resultEntries(at) };
}

const everywhere = ({ phase, paused }: KeySituation): KeyEntries => ({
  N: {
    label: paused ? '继续工作，取下一位' : '下一位',
    action:
      phase === 'none'
        ? { do: 'next' }
        : {
            do: 'refuse',
            why: '这位考生还没有登记结果：按 D 拨打后登记，或按 X 说明原因放回队列。',
          },
  },
  I: { label: '来电查找', action: { do: 'panel', panel: 'inbound' } },
  R: { label: '暂停', action: { do: 'panel', panel: 'pause' } },
});

const undoKey = ({ canUndo }: KeySituation): KeyEntries => ({
  Z: {
    label: '撤销刚才的结果',
    action: canUndo
      ? { do: 'undo' }
      : { do: 'refuse', why: '已过撤销时间。要改之前的结果，请打开考生的“联系记录”更正并写明原因。' },
  },
});

const callbackKeys: KeyEntries = Object.fromEntries([
  ...CALLBACK_CHOICES.map((choice, index) => [
    String(index + 1),
    {
      label: { hour: '一小时后', tonight: '今晚', tomorrow: '明早', pick: '另选时间' }[choice],
      action: choice === 'pick' ? { do: 'panel', panel: 'time' } : { do: 'callback', choice },
    } satisfies KeyEntry,
  ]),
  ['C', { label: '收起', action: { do: 'clear' } } satisfies KeyEntry],
  ['Escape', { label: '收起', action: { do: 'clear' } } satisfies KeyEntry],
]);

function caseKeys({ numbers, withdrawalBarred }: KeySituation, phase: CallPhase): KeyEntries {
  const chosen = Array.from({ length: Math.min(5, numbers) }, (_one, index): [string, KeyEntry] => [
    `Alt+${index + 1}`,
    { label: `选第 ${index + 1} 个号码`, action: { do: 'number', index } },
  ]);
  const panels = Object.entries(panelKeys).map(([chord, [label, panel]]): [string, KeyEntry] => [
    chord,
    { label, action: panelAction(panel, phase) },
  ]);
  return {
    ...Object.fromEntries([...chosen, ...panels]),
    D: {
      label: '拨打',
      action: phase === 'idle' ? { do: 'dial' } : { do: 'refuse', why: '这一通已经拨出，请先登记结果。' },
    },
    H: { label: '挂断', action: hangUp(phase) },
    B: { label: '写备注', action: { do: 'note' } },
    G: {
      label: '登记退档申请（新页）',
      action: withdrawalBarred === null ? { do: 'withdraw' } : { do: 'refuse', why: withdrawalBarred },
    },
    ArrowRight: { label: '话术：走选中的分支', action: { do: 'script', step: 'follow' } },
    ArrowLeft: { label: '话术：上一步', action: { do: 'script', step: 'back' } },
    ArrowDown: { label: '话术：下一个分支', action: { do: 'script', step: 'down' } },
    ArrowUp: { label: '话术：上一个分支', action: { do: 'script', step: 'up' } },
    Escape: { label: '取消选择', action: { do: 'clear' } },
    'Ctrl+Enter': { label: '保存并下一位', action: { do: 'save' } },
    Enter: { label: '保存选中的结果', action: { do: 'save' } },
  };
}

function panelAction(panel: Panel, phase: CallPhase): Action {
  if (panel === 'skip' && phase !== 'idle')
    return { do: 'refuse', why: '已经拨打，不能放回；请按 1–9 登记这一通的结果。' };
  if (panel === 'more' && phase === 'idle') return notDialled;
  return { do: 'panel', panel };
}

function hangUp(phase: CallPhase): Action {
  if (phase === 'idle') return { do: 'refuse', why: '还没有拨打，请先按 D。' };
  return phase === 'ended' ? { do: 'refuse', why: '已经挂断，请登记结果。' } : { do: 'hang_up' };
}

const notDialled: Action = { do: 'refuse', why: '还没有拨打，不能登记结果；请先按 D 拨打。' };

/** 1–9. Before the first answer 9 says that somebody picked up. */
function resultEntries({ phase, answered, results }: KeySituation): KeyEntries {
  const entries = results.keys.map((outcome, index): [string, KeyEntry] => [
    String(index + 1),
    {
      label: ruleOf(outcome).label,
      action: phase === 'idle' ? notDialled : { do: 'outcome', outcome },
    },
  ]);
  const connected: [string, KeyEntry][] = answered
    ? []
    : [[CONNECTED_KEY, { label: '接通了', action: phase === 'idle' ? notDialled : { do: 'connected' } }]];
  return Object.fromEntries([...entries, ...connected]);
}
