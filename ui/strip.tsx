import { CheckCircleFilled, CloseOutlined, InfoCircleFilled, WarningFilled } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useSyncExternalStore } from 'react';

export interface Strip {
  /** A later strip with the same key takes its place. */
  readonly key: string;
  readonly tone: 'info' | 'good' | 'warn';
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
  /** Goes by itself after this many seconds; without it stays until dropped or closed. */
  readonly seconds?: number;
}

let strips: readonly Strip[] = [];
const timers = new Map<string, ReturnType<typeof setTimeout>>();
const listeners = new Set<() => void>();

function set(next: readonly Strip[]): void {
  strips = next;
  for (const listener of listeners) listener();
}

/** Shows a line at the top of the page, over whatever is open: alarms of call-backs, 撤销, news of long work. */
export function showStrip(strip: Strip): void {
  clearTimeout(timers.get(strip.key));
  set([...strips.filter(({ key }) => key !== strip.key), strip]);
  if (strip.seconds)
    timers.set(
      strip.key,
      setTimeout(() => dropStrip(strip.key), strip.seconds * 1000),
    );
}

export function dropStrip(dropped: string): void {
  clearTimeout(timers.get(dropped));
  timers.delete(dropped);
  set(strips.filter(({ key }) => key !== dropped));
}

/** Shows a strip while the component is mounted; `null` shows none. */
export function useStrip(strip: Strip | null): void {
  const text = strip ? JSON.stringify([strip.key, strip.tone, strip.text]) : null;
  useEffect(() => {
    if (text === null) return;
    const [key, tone, words] = JSON.parse(text) as [string, Strip['tone'], string];
    showStrip({ key, tone, text: words });
    return () => dropStrip(key);
  }, [text]);
}

const icons = { info: <InfoCircleFilled />, good: <CheckCircleFilled />, warn: <WarningFilled /> } as const;

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The lines under the header. The shell draws it once. */
export function StripBar() {
  const shown = useSyncExternalStore(subscribe, () => strips);
  return (
    <div className="zz-strips" role="status" aria-live="polite">
      {shown.map(({ key, tone, text, action }) => (
        <div key={key} className={`zz-strip zz-strip-${tone}`}>
          {icons[tone]}
          <span>{text}</span>
          {action && (
            <Button
              size="small"
              onClick={() => {
                dropStrip(key);
                action.run();
              }}
            >
              {action.label}
            </Button>
          )}
          <Button
            type="text"
            size="small"
            icon={<CloseOutlined />}
            aria-label="关闭提示"
            onClick={() => dropStrip(key)}
          />
        </div>
      ))}
    </div>
  );
}
