import { CloseOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { KeyCap, type KeyMap, useKeys } from '#ui/keyboard';

interface PanelFrameProps {
  readonly title: string;
  readonly onClose: () => void;
  /** Keys of this panel; digits and letters live while no field has the focus. */
  readonly keys?: KeyMap;
  readonly onSubmit?: () => void;
  readonly submitLabel?: string;
  readonly busy?: boolean;
  readonly refused?: string | null;
  readonly children: ReactNode;
}

/** A sheet over the middle of the screen: the file and the results stay in view, the call goes on. */
export function PanelFrame({ title, onClose, onSubmit, children, ...rest }: PanelFrameProps) {
  const box = useSheetFocus();
  const submit = () => {
    if (!rest.busy && !rest.refused) onSubmit?.();
  };
  useKeys(
    {
      ...rest.keys,
      Escape: { label: '收起', run: onClose },
      ...(onSubmit ? { 'Ctrl+Enter': { label: rest.submitLabel ?? '确定', run: submit } } : {}),
    },
    true,
    title,
  );
  // Inside a field the page's keys are dead, Escape too.
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Tab') return keepInside(event, box.current);
    if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
    event.stopPropagation();
    onClose();
  };
  return (
    <section
      ref={box}
      className="zz-panel"
      role="dialog"
      aria-label={title}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <header>
        <h3>{title}</h3>
        <Button type="text" size="small" icon={<CloseOutlined />} aria-label="收起" onClick={onClose}>
          <KeyCap chord="Esc" />
        </Button>
      </header>
      <div className="zz-panel-body">{children}</div>
      {onSubmit && (
        <footer>
          <span className="zz-call-barred">{rest.refused}</span>
          <Button
            type="primary"
            loading={rest.busy === true}
            disabled={Boolean(rest.refused)}
            onClick={submit}
          >
            {rest.submitLabel ?? '确定'} <KeyCap chord="Ctrl+Enter" />
          </Button>
        </footer>
      )}
    </section>
  );
}

/** Takes the focus while the sheet is open and gives it back to where it was. */
function useSheetFocus(): RefObject<HTMLElement | null> {
  const box = useRef<HTMLElement>(null);
  const own = useRef<Element>(null);
  // Read while rendering: by the time of the effect a field of the sheet has the focus.
  const [before] = useState(() => document.activeElement);
  useEffect(() => {
    const sheet = box.current;
    if (sheet?.contains(document.activeElement)) own.current = document.activeElement;
    else if (own.current instanceof HTMLElement) own.current.focus();
    else sheet?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus();
      else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    };
  }, [before]);
  return box;
}

const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), textarea:not(:disabled), select:not(:disabled)';

/** Tab goes round inside the sheet. */
function keepInside(event: KeyboardEvent, sheet: HTMLElement | null): void {
  const all = [...(sheet?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? [])];
  const [first, last] = [all[0], all.at(-1)];
  const at = document.activeElement;
  const leaves = event.shiftKey ? at === first || at === sheet : at === last;
  if (!leaves) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}

interface ChoiceProps {
  readonly chord: string;
  readonly chosen?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

/** One of several, by its key or by the mouse. */
export function Choice({ chord, chosen, onClick, children }: ChoiceProps) {
  return (
    <button type="button" className="zz-plain zz-choice" aria-pressed={chosen} onClick={onClick}>
      <KeyCap chord={chord} /> {children}
    </button>
  );
}
