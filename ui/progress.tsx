import { Progress as Bar, Button } from 'antd';
import { formatCount, formatDuration } from './format.tsx';

export interface JobProgressProps {
  /** What is being done: 正在写入考生. */
  readonly label: string;
  readonly done: number;
  /** Unknown totals are `null`. */
  readonly total: number | null;
  /** Counted thing: 行, 人. */
  readonly unit: string;
  /** Seconds since the start, by the server's clock. */
  readonly elapsedSeconds: number;
  readonly status?: 'running' | 'done' | 'failed';
  readonly note?: string;
  readonly onCancel?: () => void;
}

/** Long work: share done, speed and time left. The page may be left; the words say so. */
export function JobProgress({
  label,
  done,
  total,
  unit,
  elapsedSeconds,
  status = 'running',
  ...rest
}: JobProgressProps) {
  const percent = total ? Math.floor((done / total) * 100) : 0;
  const barStatus = { running: 'active', done: 'success', failed: 'exception' } as const;
  return (
    <div className="zz-progress" role="status" aria-live="polite">
      <div className="zz-progress-head">
        <strong>{label}</strong>
        <span className="zz-figures">
          {formatCount(done)}
          {total !== null && ` / ${formatCount(total)}`} {unit}
        </span>
        {rest.onCancel && status === 'running' && (
          <Button size="small" onClick={rest.onCancel}>
            取消
          </Button>
        )}
      </div>
      <Bar percent={percent} status={barStatus[status]} />
      <p className="zz-note">
        {status === 'running'
          ? `${paceText(done, total, unit, elapsedSeconds)}。可以离开本页，完成后会通知您。`
          : null}
        {rest.note}
      </p>
    </div>
  );
}

/** `每秒 12,300 行，还需约 1 分 20 秒`. Says nothing of the time left before there is a pace to judge by. */
export function paceText(done: number, total: number | null, unit: string, elapsedSeconds: number): string {
  if (done === 0 || elapsedSeconds < 1) return '正在准备';
  const perSecond = done / elapsedSeconds;
  const pace = `每秒 ${formatCount(perSecond < 10 ? Math.round(perSecond * 10) / 10 : Math.round(perSecond))} ${unit}`;
  if (total === null || done >= total) return pace;
  return `${pace}，还需约 ${formatDuration(Math.ceil((total - done) / perSecond))}`;
}
