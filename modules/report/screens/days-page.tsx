import { useRoute } from '#ui/api';
import { Chart } from '#ui/chart';
import { ErrorNote } from '#ui/error-note';
import { Page } from '#ui/page';
import { Loading } from '#ui/states';
import { dailyTrend } from '../contract.ts';
import { everyDay } from './every-day.ts';

/** 每日趋势: how much work each day, and what came of it. */
export function DaysPage() {
  const { data, error, refetch } = useRoute(dailyTrend, undefined, { staleTime: 30_000 });
  const items = everyDay(data?.items ?? []);
  const categories = items.map(({ day }) => day.slice(5));
  return (
    <Page note="按北京时间的日期统计，每条联系记录算在它开始的那一天。">
      <ErrorNote error={error} onRetry={() => void refetch()} />
      {!data && !error && <Loading rows={10} />}
      {data && (
        <>
          <Chart
            title="联系与接通"
            definition="联系：各渠道的全部联系次数；接通：有人应答的次数。"
            data={{
              kind: 'line',
              categories,
              series: [
                { name: '联系', values: items.map(({ attempts }) => attempts) },
                { name: '接通', values: items.map(({ contacts }) => contacts) },
              ],
            }}
          />
          <Chart
            title="考生的意向"
            definition="当天联系中考生表明的意向次数；同一名考生改变主意时，每次都计入当天。"
            data={{
              kind: 'bar',
              categories,
              series: [
                { name: '确认', values: items.map(({ confirmed }) => confirmed) },
                { name: '考虑', values: items.map(({ considering }) => considering) },
                { name: '退档', values: items.map(({ withdrawing }) => withdrawing) },
              ],
            }}
          />
        </>
      )}
    </Page>
  );
}
