import { RELATION_LABELS } from '#candidate/contract';
import { nationalNumber } from '#candidate/rules';
import { formatClock, formatDateTime, formatDuration } from '#ui/format';
import { outcomeLabel } from '../contract.ts';
import type { LeaseData, NumberData } from '../work.contract.ts';

/** Words and figures of the call screen. */

/** `154 1234 5678`, `0731 0001 234`: in groups that can be read out. */
export function readable(number: string): string {
  const national = nationalNumber(number);
  if (/^1\d{10}$/.test(national)) return national.replace(/^(\d{3})(\d{4})(\d{4})$/, '$1 $2 $3');
  return national.replace(/^(0(?:10|2\d)|0\d{3})(\d{3,4})(\d{4})$/, '$1 $2 $3');
}

/** For phones that dial by link or camera. */
export const telLink = (number: string): string => `tel:${nationalNumber(number)}`;

/** How a mobile or landline is dialled here, said in a word. */
export const lineWord = ({ local }: Pick<NumberData, 'local'>): string =>
  local === null ? '归属地未知' : local ? '本地' : '长途';

/** Tries of each number in this case: the evidence that goes with an escalation. */
export const evidenceLines = (lease: Pick<LeaseData, 'numbers'>): readonly string[] =>
  lease.numbers.map(
    ({ relation, contactName, masked, dialsOfCase, lastOutcome, lastDialledAt }) =>
      `${RELATION_LABELS[relation]}${contactName ? ` ${contactName}` : ''} ${masked}：本任务拨 ${dialsOfCase} 次` +
      (lastOutcome ? `，最近 ${outcomeLabel(lastOutcome)}` : '') +
      (lastDialledAt === null ? '' : `（${formatDateTime(lastDialledAt)}）`),
  );

const SUMMARY_MAX = 500;

/** First words of a summary, from what is on record; the caller adds what only they know. */
export function summaryOf(
  { case: held, numbers }: Pick<LeaseData, 'case' | 'numbers'>,
  note: string,
): string {
  const dials = numbers.reduce((sum, { dialsOfCase }) => sum + dialsOfCase, 0);
  const tried =
    held.attempts === 0
      ? '尚未联系'
      : `已联系 ${held.attempts} 次（拨打 ${dials} 次，接通 ${held.contacts} 次，共 ${formatDuration(held.talkSeconds)}）`;
  return `${numbers.length} 个号码，${tried}。${note.trim()}`.slice(0, SUMMARY_MAX);
}

const HOUR_SECONDS = 3600;

/** How long ago something fell due: to the second within the hour, then in words. */
export const overdueWords = (seconds: number): string =>
  seconds < HOUR_SECONDS ? `已到 ${formatClock(seconds)}` : `已过 ${formatDuration(seconds)}`;

/** One decimal, cut: `3.9` of 4 is not yet 4. */
export const average = (total: number, count: number): string =>
  count === 0 ? '—' : (Math.floor((total * 10) / count) / 10).toFixed(1);
