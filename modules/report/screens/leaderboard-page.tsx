import { Segmented, Table, Tag } from 'antd';
import { z } from 'zod';
import type { RouteReply } from '#platform/http/route';
import { useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatCount, formatRate } from '#ui/format';
import { Page } from '#ui/page';
import { Loading } from '#ui/states';
import { countedPages } from '#ui/table-bars';
import { useUrlState } from '#ui/url-state';
import { leaderboard } from '../contract.ts';

const Search = z.object({ by: z.enum(['reach', 'confirmed', 'arrival']).catch('reach') });
const KINDS = [
  { value: 'reach', label: '联系率' },
  { value: 'confirmed', label: '确认率' },
  { value: 'arrival', label: '预计报到率' },
];

const HEADS = {
  reach: ['联系率', '工作量（联系次数）'],
  confirmed: ['确认率', '工作量（有结果的考生）'],
  arrival: ['预计报到率', '名下考生'],
} as const;

type Item = RouteReply<typeof leaderboard>['items'][number];

/** What the expected arrivals are made of: everyone of the caller stands in one column. */
const EXPECTED: readonly (readonly [string, (standing: Item['standing']) => number])[] = [
  ['已确认或已录取', ({ confirmed, admitted }) => confirmed + admitted],
  ['考虑', ({ considering }) => considering],
  ['联系不上、转交', ({ unreachable, escalated }) => unreachable + escalated],
  ['退档', (standing) => withdrawnOf(standing)],
  ['未表态', ({ uncalled, otherFinal }) => uncalled + otherFinal],
];

const withdrawnOf = ({ withdrawing, withdrawn }: Item['standing']): number => withdrawing + withdrawn;
/** Twice the average, and not a single one, is worth a look. */
const REMARKABLE = 2;

const averageOf = (items: readonly Item[]): { all: number; cases: number } => ({
  all: items.reduce((sum, { standing }) => sum + withdrawnOf(standing), 0),
  cases: items.reduce((sum, { standing }) => sum + standing.cases, 0),
});

/** A caller's withdrawals, marked where far above the average of all: a rate that rises because the hesitant leave is seen here. */
function Withdrawals({
  standing,
  average: { all, cases },
}: {
  readonly standing: Item['standing'];
  readonly average: { readonly all: number; readonly cases: number };
}) {
  const mine = withdrawnOf(standing);
  const high = mine > 1 && mine * cases > REMARKABLE * all * standing.cases;
  return (
    <>
      {high && <Tag color="warning">高于平均一倍</Tag>} {formatRate(mine, standing.cases)}
    </>
  );
}

/** 榜单: by rate and never by raw calls; a small volume has no rank. */
export function LeaderboardPage() {
  const [{ by }, patch] = useUrlState(Search);
  const { data, error, refetch } = useRoute(leaderboard, { query: { by } });
  const average = averageOf(data?.items ?? []);
  const rows = (data?.items ?? []).map((item, at) => ({ ...item, place: item.ranked ? at + 1 : null }));
  return (
    <Page
      note={
        data &&
        `${data.definition}。工作量不到 ${formatCount(data.fairVolume)}（中位数的一半）的只列出、不排名。`
      }
      extra={
        <Segmented
          aria-label="排名依据"
          options={KINDS}
          value={by}
          onChange={(next) => patch(Search.parse({ by: next }), { replace: true })}
        />
      }
    >
      <ErrorNote error={error} onRetry={() => void refetch()} />
      {!data && !error && <Loading rows={10} />}
      {data && (
        <div className="zz-list-card">
          <Table
            size="small"
            rowKey="userId"
            dataSource={rows}
            pagination={countedPages(50)}
            locale={{ emptyText: '还没有可以比较的数字：有联系记录或最终结果后这里才有内容。' }}
            columns={[
              {
                title: '名次',
                width: 90,
                render: (_, { place }) => (place === null ? <Tag>不排名</Tag> : <strong>{place}</strong>),
              },
              { title: '回访员', render: (_, { name }) => name },
              { title: '小组', render: (_, { groupName }) => groupName ?? '未编组' },
              {
                title: HEADS[by][0],
                align: 'right',
                render: (_, { rate }) => formatRate(rate.part, rate.whole),
              },
              {
                title: HEADS[by][1],
                align: 'right',
                render: (_, { volume }) => formatCount(volume),
              },
              {
                title: `退档（占名下，平均 ${formatRate(average.all, average.cases)}）`,
                align: 'right',
                render: (_, { standing }) => <Withdrawals standing={standing} average={average} />,
              },
              ...(by === 'arrival' ? EXPECTED : []).map(([title, count]) => ({
                title,
                align: 'right' as const,
                render: (_: unknown, { standing }: Item) => formatCount(count(standing)),
              })),
            ]}
          />
        </div>
      )}
    </Page>
  );
}
