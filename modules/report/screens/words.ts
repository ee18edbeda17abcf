import { PAUSE_REASONS, SKIP_REASONS } from '#follow-up/contract';
import type { RouteReply } from '#platform/http/route';
import { formatCount, formatPercent, formatTime } from '#ui/format';
import type { groupBoard, wallboard } from '../contract.ts';

export type Board = RouteReply<typeof wallboard>;
export type Group = RouteReply<typeof groupBoard>;
export type Line = Board['conservation'];
export interface Fraction {
  readonly part: number;
  readonly whole: number;
}

/** The right side of the equation, in the order of a case's life. */
export const TERMS: readonly (readonly [Exclude<keyof Line, 'candidates' | 'gap'>, string])[] = [
  ['unreleased', '未放出'],
  ['ready', '待拨'],
  ['leased', '通话中'],
  ['scheduled', '已约'],
  ['blocked', '停拨'],
  ['escalated', '转交'],
  ['final', '已办结'],
];

/** What a gap means and what to do, or that there is none. */
export function gapWords(gap: number): string {
  if (gap === 0) return '两边相等，没有考生遗漏。';
  const away = Math.abs(gap).toLocaleString('zh-CN');
  return gap > 0
    ? `有 ${away} 名考生不在任何一步里，请马上联系系统管理员核对。`
    : `各步之和比考生多 ${away} 名，请马上联系系统管理员核对。`;
}

/** An average with one decimal, cut; a dash where nothing is counted yet. */
export function averageText({ part, whole }: Fraction): string {
  return whole === 0 ? '—' : (Math.floor((part * 10) / whole) / 10).toFixed(1);
}

/** Monday first; the server counts from Sunday. */
export const WEEKDAYS = ['周一', '周二', '周三', '周四', '周五', '周六', '周日'];

export const PRESENCE_LABELS: Readonly<Record<string, string>> = {
  working: '工作中',
  wrap_up: '整理',
  paused: '暂停',
  offline: '离线',
};

/** Records that stand below none or not all of the lines, and why: said beside the rates. */
export const discardedWords = ({
  notEligible,
  unknownEligibility,
  discarded,
}: Pick<Board['season_sums'], 'notEligible' | 'unknownEligibility' | 'discarded'>): string =>
  `没有计入的记录：空号、停机、错号和不在本批 ${formatCount(notEligible)} 次，三种率都不计；占线、拒接、无法接通等资格不明 ${formatCount(unknownEligibility)} 次，只计入联系率；线路故障、时段受限和当场撤销 ${formatCount(discarded)} 条，不算联系。`;

/** Under 今日接通: out of how many, and the rate where there is something to divide by. */
export const contactWords = ({ attempts, contacts }: { attempts: number; contacts: number }): string =>
  attempts === 0
    ? '还没有联系'
    : `联系 ${formatCount(attempts)} 次，接通率 ${formatPercent(contacts, attempts)}`;

/** Why somebody pauses, and since when. */
export const pauseWords = ({
  presenceReason: reason,
  presenceSince: since,
}: Pick<Group['members'][number], 'presenceReason' | 'presenceSince'>): string =>
  [
    PAUSE_REASONS[reason as keyof typeof PAUSE_REASONS] ?? reason,
    since === null ? null : `${formatTime(since)} 起`,
  ]
    .filter(Boolean)
    .join('，');

/** The reasons of the day, the most frequent first. */
export const skipWords = (reasons: Readonly<Record<string, number>>): string =>
  Object.entries(reasons)
    .toSorted(([, one], [, other]) => other - one)
    .map(([reason, times]) => `${SKIP_REASONS[reason as keyof typeof SKIP_REASONS] ?? reason} ${times}`)
    .join('、');
