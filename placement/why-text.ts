import type { Bar } from './standing.ts';
import type { Cutoff } from './why-cutoff.ts';
import type { Answer, PreferenceFacts } from './why-facts.ts';

const answers = {
  FILED: () => '投档到此。',
  ADJUSTED: () => '志愿均未能投出，服从调剂，调剂到此。',
  NOT_REACHED: () => '已投到次序在前的志愿，未检索到此。',
  FULL: ({ score, cutoff }) => (cutoff ? fullText(score, cutoff) : '计划已满。'),
  BELOW_LINE: ({ score, line }) => `考生 ${score} 分，未达到分数线 ${line} 分。`,
  INELIGIBLE: ({ bars = [] }) => `不符合报考条件：${bars.map(barText).join('；')}。`,
  PLAN_ZERO: () => '本轮计划为 0，不投档。',
  UNKNOWN_CODE: () => '本轮没有这个专业代码。',
  REPEATED: () => '与前面的志愿重复，只按第一次填报计。',
  OUTSIDE_WINDOWS: () => '这一位次不在本次投档的志愿范围内。',
} as const satisfies Record<Answer, (facts: PreferenceFacts) => string>;

/** One preference in a sentence a counter clerk can read out. */
export function sentence(facts: PreferenceFacts): string {
  const head = facts.at < 0 ? `调剂 ${facts.code}` : `第 ${facts.at + 1} 志愿 ${facts.code}`;
  return `${head}：${answers[facts.answer](facts)}`;
}

function barText(bar: Bar): string {
  switch (bar.kind) {
    case 'level':
      return `招生层次为${bar.required}，考生报考层次为${bar.own ?? '空'}`;
    case 'subject':
      return `选考科目要求${bar.required}，考生未选`;
    case 'minimum':
      return `${bar.subject}要求不低于 ${bar.required} 分，考生${bar.own === null ? '没有成绩' : ` ${bar.own} 分`}`;
    case 'medical':
      return `体检受限（${bar.code}）`;
    case 'unranked':
      return '不在该专业的排名名单内';
  }
}

function fullText(score: number, cutoff: Cutoff): string {
  const where =
    cutoff.group === undefined ? `计划投出 ${cutoff.seats} 人` : `${cutoff.group}上限 ${cutoff.seats} 人`;
  if (cutoff.decidedBy === 'no_seats') return `${where}，没有名额可投。`;
  return `${where}，已满；${decidedText(score, cutoff)}。`;
}

function decidedText(score: number, { decidedBy, own, other, score: last }: Cutoff): string {
  switch (decidedBy) {
    case 'window':
      return `第 ${other} 轮已经投满，本志愿在第 ${own} 轮检索`;
    case 'effective':
      return `考生扣除级差后 ${own} 分，最后一名投出者 ${other} 分`;
    case 'tie':
      return `考生与最后一名投出者同为 ${score} 分，同分比较低于对方`;
    case 'position':
      return `同分同位，考生填在第 ${own} 志愿，最后一名投出者填在第 ${other} 志愿`;
    case 'registration':
      return `考生与最后一名投出者同为 ${score} 分且各项相同，报名序号在后`;
    case 'merit_tied':
      return `该专业给考生与最后一名投出者同评 ${own} 分，考生报名序号在后`;
    case 'merit':
      return `该专业给考生评 ${own} 分，最后一名投出者 ${other} 分`;
    case 'ranking':
      return `考生在该专业排第 ${own} 名，最后一名投出者排第 ${other} 名`;
    default:
      return `考生 ${score} 分，低于投出的最低分 ${last} 分`;
  }
}
