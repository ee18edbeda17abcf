import { useRoute } from '#ui/api';
import { Chart } from '#ui/chart';
import { ErrorNote } from '#ui/error-note';
import { Page } from '#ui/page';
import { Loading } from '#ui/states';
import { bestHours } from '../contract.ts';
import { type HourSums, heatOf } from './heat.ts';

/** Fewer tries than this say nothing about an hour. */
const ENOUGH = 5;

/** 最佳时段: when people answer. */
export function HoursPage() {
  const { data, error, refetch } = useRoute(bestHours, undefined, { staleTime: 60_000 });
  const items: readonly HourSums[] = data?.items ?? [];
  return (
    <Page note="颜色越接近“高”的格子越容易接通：安排下一轮拨打时先选它们。">
      <ErrorNote error={error} onRetry={() => void refetch()} />
      {!data && !error && <Loading rows={10} />}
      {data && (
        <>
          <Chart
            title="各时段的接通率"
            definition={`有人应答的次数 ÷ 全部联系次数，百分数，向下取整；联系不足 ${ENOUGH} 次的时段不下结论，留空。时间都是北京时间：新疆的 11 时约等于内地的 9 时。`}
            height={330}
            data={{ kind: 'heat', unit: '%', ...heatOf(items, (sums) => shareOf(sums)) }}
          />
          <Chart
            title="各时段的联系次数"
            definition="接通率的分母：每格是全季在这个星期几、这个小时的联系次数。"
            height={330}
            data={{ kind: 'heat', unit: '次', ...heatOf(items, ({ attempts }) => attempts) }}
          />
        </>
      )}
    </Page>
  );
}

const shareOf = ({ attempts, contacts }: HourSums): number | null =>
  attempts < ENOUGH ? null : Math.floor((contacts * 100) / attempts);
