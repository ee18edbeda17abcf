import './report.css';
import type { RouteReply } from '#platform/http/route';
import { formatCount, formatDuration, formatRate } from '#ui/format';
import { type listSummaries, STUCK_LABELS } from '../contract.ts';
import { RATE_DEFINITIONS } from '../rules.ts';

export type Summary = RouteReply<typeof listSummaries>['items'][number];

/** The figures of a week as the ledger gave them. */
export function SummaryFigures({ figures }: { readonly figures: Summary['figures'] }) {
  const { standing, week, rates, stuck } = figures;
  const rows: readonly (readonly [string, string])[] = [
    ['名下考生', `${formatCount(standing.cases)} 名`],
    ['未表态', `${formatCount(standing.uncalled)} 名`],
    ['考虑', `${formatCount(standing.considering)} 名`],
    ['联系不上', `${formatCount(standing.unreachable)} 名`],
    ['转交', `${formatCount(standing.escalated)} 名`],
    ['申请退档 / 已退档', `${formatCount(standing.withdrawing)} / ${formatCount(standing.withdrawn)} 名`],
    ['确认 / 已录取', `${formatCount(standing.confirmed)} / ${formatCount(standing.admitted)} 名`],
    ['这一周联系', `${formatCount(week.attempts)} 次`],
    ['这一周接通', `${formatCount(week.contacts)} 次`],
    ['这一周通话', week.talkSeconds === 0 ? '0 分' : formatDuration(week.talkSeconds)],
    ...(['contact', 'response', 'refusal'] as const).map(
      (code) =>
        [`这一周${RATE_DEFINITIONS[code].label}`, formatRate(rates[code].part, rates[code].whole)] as const,
    ),
    ...Object.entries(STUCK_LABELS).map(
      ([code, label]) => [label, `${formatCount(stuck[code] ?? 0)} 名`] as const,
    ),
  ];
  return (
    <>
      <p className="zz-note">
        “这一周”的各项只算这一周的联系；考生现在到了哪一步、卡在哪里，是生成数字时的情况。
      </p>
      <dl className="zz-summary-figures">
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
