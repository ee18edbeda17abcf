/**
 * 放出检查: what a province and batch still lacks. What blocks a release is decided by `missingForRelease` of the season; the
 * rest is what callers will miss on the phone and somebody can still put right.
 */

export const CHECK_CODES = ['policy', 'deadline_past', 'script', 'major', 'phone', 'line'] as const;
export type CheckCode = (typeof CHECK_CODES)[number];

export interface Check {
  readonly code: CheckCode;
  /** `true`: nobody of this place can be released before it is put right. */
  readonly blocks: boolean;
  readonly text: string;
}

export interface PlaceFacts {
  /** Waiting for a case in this phase. */
  readonly waiting: number;
  /** Sentences of `missingForRelease`. */
  readonly missing: readonly string[];
  readonly withdrawable: boolean | null;
  /** Milliseconds; null when nobody has entered it. */
  readonly batchEndsAt: number | null;
  readonly hasScript: boolean;
  /** Candidates whose 专业代号 has no name. */
  readonly unnamed: number;
  readonly noPhone: number;
  readonly pastLines: number;
}

/** Nothing is said of the kind while nobody has entered it. */
const kindOf = (withdrawable: boolean | null): string =>
  withdrawable === null ? '' : withdrawable ? '可退档' : '不可退档';

/** What is missing, what blocks first. Empty: the place is ready in every respect. */
export function checksOf(facts: PlaceFacts, now: number): Check[] {
  const { batchEndsAt, noPhone, unnamed } = facts;
  const notes: readonly (readonly [boolean, CheckCode, string])[] = [
    [
      batchEndsAt !== null && batchEndsAt <= now,
      'deadline_past',
      '批次结束时间已过，请核对各省政策里的时间。',
    ],
    [
      !facts.hasScript,
      'script',
      `${kindOf(facts.withdrawable)}考生在当前阶段没有批准的电话话术，回访员将没有话术可用。`,
    ],
    [unnamed > 0, 'major', `${unnamed} 名考生的专业代号没有名称，回访员只能看到代号。`],
    [noPhone > 0, 'phone', `${noPhone} 名考生没有号码，放出后按联系不上的流程找号码。`],
    [facts.pastLines === 0, 'line', '没有往年分数线，回访员回答不了往年录取分数。'],
  ];
  return [
    ...facts.missing.map((text): Check => ({ code: 'policy', blocks: true, text })),
    ...notes.filter(([holds]) => holds).map(([, code, text]): Check => ({ code, blocks: false, text })),
  ];
}
