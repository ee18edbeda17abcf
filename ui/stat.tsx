import type { ReactNode } from 'react';
import { formatCount, formatPercent } from './format.tsx';

export interface StatProps {
  readonly label: string;
  readonly value: number | string | null;
  readonly unit?: string;
  /** One line below: what it counts, or the change since yesterday. */
  readonly note?: ReactNode;
  /** `warn` adds a mark and a word for screen readers, for what needs somebody now. */
  readonly tone?: 'plain' | 'warn' | 'good';
  readonly onClick?: () => void;
}

/** One figure with its name. With `onClick` it leads to the list behind the figure. */
export function Stat({ label, value, unit, note, tone = 'plain', onClick }: StatProps) {
  const body = (
    <>
      <span className="zz-stat-label">{label}</span>
      <span className="zz-stat-value">
        {typeof value === 'number' || value === null ? formatCount(value) : value}
        {unit && <small>{unit}</small>}
      </span>
      {note && <span className="zz-note">{note}</span>}
      {tone === 'warn' && <span className="zz-stat-mark">需要处理</span>}
    </>
  );
  const look = `zz-stat zz-stat-${tone}`;
  if (!onClick) return <div className={look}>{body}</div>;
  return (
    <button type="button" className={`zz-plain ${look}`} onClick={onClick}>
      {body}
    </button>
  );
}

export interface RateStatProps {
  readonly label: string;
  readonly numerator: number;
  readonly denominator: number;
  /** What the two numbers count, in one sentence. */
  readonly definition: string;
  /** Target as an exact fraction, drawn as a line on the bar. */
  readonly target?: { readonly numerator: number; readonly denominator: number };
}

/** A rate, always with its two numbers and its definition. */
export function RateStat({ label, numerator, denominator, definition, target }: RateStatProps) {
  const share = (top: number, bottom: number) => `${bottom === 0 ? 0 : Math.min(100, (top / bottom) * 100)}%`;
  return (
    <div className="zz-stat">
      <span className="zz-stat-label">{label}</span>
      <span className="zz-stat-value">
        {formatPercent(numerator, denominator)}
        <small>
          {formatCount(numerator)} / {formatCount(denominator)}
        </small>
      </span>
      <div className="zz-bar" aria-hidden>
        <i style={{ width: share(numerator, denominator) }} />
        {target && <b style={{ left: share(target.numerator, target.denominator) }} />}
      </div>
      <span className="zz-note">
        {definition}
        {target && `目标 ${formatPercent(target.numerator, target.denominator)}。`}
      </span>
    </div>
  );
}

/** Figures in a row that wraps. */
export function StatRow({ children }: { readonly children: ReactNode }) {
  return <div className="zz-stat-row">{children}</div>;
}
