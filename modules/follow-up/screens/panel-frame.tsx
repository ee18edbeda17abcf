import { CloseOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
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
  const box = useRef<HTMLElement>(null);
  const submit = () => {
    if (!rest.busy && !rest.refused) onSubmit?.();
  };
  useEffect(() => {
    if (box.current && !box.current.contains(document.activeElement)) box.current.focus();
    return () => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    };
  }, []);
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
