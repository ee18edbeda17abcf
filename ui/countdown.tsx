import { ClockCircleOutlined, WarningFilled } from '@ant-design/icons';
import { useNow } from './clock.tsx';
import { formatClock, formatDateTime, formatDuration, type InstantLike } from './format.tsx';

export interface CountdownProps {
  readonly to: InstantLike;
  /** Word before the time: 截止, 回拨. */
  readonly label?: string;
  /** From this many seconds on it is urgent and ticks by the second; one hour by default. */
  readonly urgentSeconds?: number;
}

/** Time left to a deadline by the server's clock. Urgency is told by icon and words, not by colour alone. */
export function Countdown({ to, label = '剩余', urgentSeconds = 3600 }: CountdownProps) {
  const now = useNow('second');
  const left = Math.ceil((new Date(to).getTime() - now) / 1000);
  const tone = left <= 0 ? 'over' : left <= urgentSeconds ? 'urgent' : 'calm';
  return (
    <span className={`zz-countdown zz-${tone}`} title={formatDateTime(to)}>
      {tone === 'calm' ? <ClockCircleOutlined /> : <WarningFilled />}{' '}
      {countdownText(left, label, urgentSeconds)}
    </span>
  );
}

/** `剩余 3 天 4 小时`, `剩余 09:59`, `已过 12 分 5 秒`. */
export function countdownText(leftSeconds: number, label: string, urgentSeconds: number): string {
  if (leftSeconds <= 0) return `已过 ${formatDuration(-leftSeconds)}`;
  return `${label} ${leftSeconds <= urgentSeconds ? formatClock(leftSeconds) : formatDuration(leftSeconds)}`;
}
