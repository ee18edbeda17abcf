const zone = 'Asia/Shanghai';
const grouped = new Intl.NumberFormat('zh-CN');
const yuan = new Intl.NumberFormat('zh-CN', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const stamp = new Intl.DateTimeFormat('zh-CN', {
  timeZone: zone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** An instant as the API gives it: milliseconds or ISO text. */
export type InstantLike = number | string | Date;

/** Shown where there is no value. */
export const blank = '—';

type StampField = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

function fields(at: InstantLike): Record<StampField, string> {
  const parts = stamp.formatToParts(new Date(at));
  return Object.fromEntries(parts.map(({ type, value }) => [type, value])) as Record<StampField, string>;
}

/** `2026-07-18`, in Beijing time whatever the machine's zone. */
export function formatDate(at: InstantLike | null | undefined): string {
  if (at === null || at === undefined || at === '') return blank;
  const { year, month, day } = fields(at);
  return `${year}-${month}-${day}`;
}

/** `14:05`, in Beijing time. */
export function formatTime(at: InstantLike | null | undefined): string {
  if (at === null || at === undefined || at === '') return blank;
  const { hour, minute } = fields(at);
  return `${hour}:${minute}`;
}

/** `2026-07-18 14:05`, in Beijing time. */
export function formatDateTime(at: InstantLike | null | undefined): string {
  if (at === null || at === undefined || at === '') return blank;
  return `${formatDate(at)} ${formatTime(at)}`;
}

/** `今天 14:05`, `明天 09:00`, `昨天 20:31`, else `07-18 14:05`: for call-backs and timelines. */
export function formatNear(at: InstantLike | null | undefined, now: number): string {
  if (at === null || at === undefined || at === '') return blank;
  const dayMs = 86_400_000;
  const days = Math.round((Date.parse(formatDate(at)) - Date.parse(formatDate(now))) / dayMs);
  const words: Readonly<Record<string, string>> = { '-1': '昨天', '0': '今天', '1': '明天' };
  return `${words[String(days)] ?? formatDate(at).slice(5)} ${formatTime(at)}`;
}

/** `12,345`. */
export function formatCount(count: number | null | undefined): string {
  return count === null || count === undefined ? blank : grouped.format(count);
}

/** Whole fen as `1,234.50 元`. */
export function formatMoney(fen: number | null | undefined): string {
  return fen === null || fen === undefined ? blank : `${yuan.format(fen / 100)} 元`;
}

/** A rate with one decimal, cut and never rounded up, so that 100.0% means all of them. */
export function formatPercent(numerator: number, denominator: number): string {
  if (denominator === 0) return blank;
  const tenths = Math.floor((numerator * 1000) / denominator);
  return `${Math.floor(tenths / 10)}.${Math.abs(tenths % 10)}%`;
}

/** `83.3%（250 / 300）`: a rate never stands without its two numbers. */
export function formatRate(numerator: number, denominator: number): string {
  const rate = formatPercent(numerator, denominator);
  return `${rate}（${formatCount(numerator)} / ${formatCount(denominator)}）`;
}

/** Running clock `04:07` or `1:04:07`, for call timers and countdowns. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** A length of time in words with its two largest units: `3 天 4 小时`, `12 分 30 秒`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const units: readonly (readonly [number, string])[] = [
    [Math.floor(whole / 86_400), '天'],
    [Math.floor((whole % 86_400) / 3600), '小时'],
    [Math.floor((whole % 3600) / 60), '分'],
    [whole % 60, '秒'],
  ];
  const first = units.findIndex(([amount]) => amount > 0);
  if (first < 0) return '0 秒';
  return units
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ');
}

/** `3.2 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}
