import { Skeleton } from 'antd';
import type { ReactNode } from 'react';

/** Stands where content will be; `rows` should match what is coming, so that nothing jumps. */
export function Loading({ rows = 4 }: { readonly rows?: number }) {
  return (
    <div role="status" aria-label="正在加载" className="zz-loading">
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  );
}

export interface EmptyProps {
  /** What is missing and why that may be fine: "今天没有到期的回拨。" */
  readonly text: ReactNode;
  /** The next step, usually one button. */
  readonly action?: ReactNode;
}

/** Nothing here: says so and offers the next step. */
export function Empty({ text, action }: EmptyProps) {
  return (
    <div className="zz-empty">
      <p>{text}</p>
      {action}
    </div>
  );
}
