import type { BarSeriesOption, HeatmapSeriesOption, LineSeriesOption } from 'echarts/charts';
import type {
  GridComponentOption,
  LegendComponentOption,
  MarkLineComponentOption,
  TooltipComponentOption,
  VisualMapComponentOption,
} from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import { formatCount, formatPercent } from './format.tsx';

export type ChartOption = ComposeOption<
  | BarSeriesOption
  | HeatmapSeriesOption
  | LineSeriesOption
  | GridComponentOption
  | LegendComponentOption
  | MarkLineComponentOption
  | TooltipComponentOption
  | VisualMapComponentOption
>;

/** One or more rows of figures over the same categories. `null` is a gap, not a nought. */
export interface SeriesData {
  readonly categories: readonly string[];
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
  /** A line to reach. */
  readonly target?: { readonly name: string; readonly value: number };
}

export interface FunnelData {
  readonly stages: readonly { readonly name: string; readonly count: number }[];
}

/** `cells[row][column]`; `null` where nothing was tried. */
export interface HeatData {
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  readonly cells: readonly (readonly (number | null)[])[];
  readonly unit: string;
}

export type ChartData =
  | ({ readonly kind: 'line' | 'bar' } & SeriesData)
  | ({ readonly kind: 'funnel' } & FunnelData)
  | ({ readonly kind: 'heat' } & HeatData);

/** Told apart also by people who do not see red and green (Okabe and Ito's order, darkened for white). */
const colours = ['#1f5a8c', '#c77700', '#2b8a6e', '#8c4f8f', '#5b6470', '#a33b2f'];
const coloursDark = ['#6aaee6', '#e9a23b', '#57c7a3', '#c98fcc', '#aab4bf', '#ec8074'];
const symbols = ['circle', 'rect', 'triangle', 'diamond', 'pin', 'arrow'];

export interface ChartLook {
  readonly isDark: boolean;
  readonly fontFamily: string;
}

/** The drawing of a chart, from its figures. */
export function chartOption(data: ChartData, look: ChartLook): ChartOption {
  const text = look.isDark ? '#c3cbd4' : '#4a5663';
  const base: ChartOption = {
    color: look.isDark ? coloursDark : colours,
    textStyle: { fontFamily: look.fontFamily, color: text },
    animationDuration: 250,
    tooltip: { trigger: data.kind === 'line' || data.kind === 'bar' ? 'axis' : 'item', confine: true },
  };
  if (data.kind === 'funnel') return { ...base, ...funnel(data, look) };
  if (data.kind === 'heat') return { ...base, ...heat(data, look) };
  return { ...base, ...series(data.kind, data, look) };
}

const axisLook = ({ isDark }: ChartLook) => ({
  axisLabel: { color: isDark ? '#aab4bf' : '#5a6673' },
  axisLine: { lineStyle: { color: isDark ? '#3b444e' : '#d5dbe1' } },
  splitLine: { lineStyle: { color: isDark ? '#262d35' : '#eceff2' } },
});

function series(kind: 'line' | 'bar', data: SeriesData, look: ChartLook): ChartOption {
  const axis = axisLook(look);
  const { target } = data;
  const markLine = target && {
    silent: true,
    symbol: 'none',
    label: {
      formatter: `${target.name} ${formatCount(target.value)}`,
      position: 'insideEndTop' as const,
      color: axis.axisLabel.color,
      textBorderWidth: 0,
    },
    lineStyle: { type: 'dashed' as const, color: look.isDark ? '#e9a23b' : '#a8690a' },
    data: [{ yAxis: target.value }],
  };
  return {
    grid: { left: 8, right: 16, top: data.series.length > 1 ? 36 : 16, bottom: 4, containLabel: true },
    ...(data.series.length > 1 ? { legend: { top: 0, textStyle: { color: axis.axisLabel.color } } } : {}),
    xAxis: { type: 'category', data: [...data.categories], ...axis, axisTick: { show: false } },
    yAxis: { type: 'value', ...axis, minInterval: 1 },
    series: data.series.map(({ name, values }, index) => ({
      type: kind,
      name,
      data: [...values],
      barMaxWidth: 28,
      ...(kind === 'line' ? { symbol: symbols[index % symbols.length] ?? 'circle', symbolSize: 7 } : {}),
      ...(markLine && index === 0 ? { markLine } : {}),
    })) as (BarSeriesOption | LineSeriesOption)[],
  };
}

/** Bars under each other: each keeps its length, and its words stand beside it, however few are left. */
function funnel({ stages }: FunnelData, look: ChartLook): ChartOption {
  const axis = axisLook(look);
  const first = stages[0]?.count ?? 0;
  const share = (count: number) => (first === 0 ? '' : `（${formatPercent(count, first)}）`);
  const words = stages.map(({ count }) => `${formatCount(count)}${share(count)}`);
  return {
    grid: { left: 4, right: 112, top: 4, bottom: 4, containLabel: true },
    xAxis: { type: 'value', show: false, max: Math.max(1, first) },
    yAxis: {
      type: 'category',
      inverse: true,
      data: stages.map(({ name }) => name),
      axisLabel: { ...axis.axisLabel, fontSize: 13 },
      axisLine: { show: false },
      axisTick: { show: false },
    },
    series: [
      {
        type: 'bar',
        barWidth: '62%',
        showBackground: true,
        backgroundStyle: { color: look.isDark ? '#262d35' : '#eceff2', borderRadius: 4 },
        itemStyle: { color: look.isDark ? '#6aaee6' : '#1f5a8c', borderRadius: 4 },
        label: {
          show: true,
          position: 'right',
          color: look.isDark ? '#c3cbd4' : '#16202b',
          fontSize: 13,
          formatter: ({ dataIndex }) => words[dataIndex] ?? '',
        },
        data: stages.map(({ count }) => count),
      },
    ],
  };
}

/** Text on a cell of the heat map, by how far along the scale its colour is: whichever contrasts more. */
const inkOn = (share: number, { isDark }: ChartLook): string =>
  isDark ? (share > 0.6 ? '#101317' : '#e6eaee') : share > 0.7 ? '#fff' : '#16202b';

function heat({ columns, rows, cells, unit }: HeatData, look: ChartLook): ChartOption {
  const axis = axisLook(look);
  const points = cells.flatMap((row, y) =>
    row.flatMap((value, x) => (value === null ? [] : [[x, y, value]])),
  );
  const most = Math.max(1, ...points.map((point) => point[2] ?? 0));
  return {
    grid: { left: 8, right: 16, top: 8, bottom: 44, containLabel: true },
    xAxis: { type: 'category', data: [...columns], ...axis },
    yAxis: { type: 'category', data: [...rows], inverse: true, ...axis },
    visualMap: {
      min: 0,
      max: most,
      orient: 'horizontal',
      left: 'center',
      bottom: 0,
      itemHeight: 100,
      text: [`高（${unit}）`, '低'],
      textStyle: { color: axis.axisLabel.color },
      inRange: { color: look.isDark ? ['#1b2733', '#6aaee6'] : ['#eef4f9', '#1f5a8c'] },
    },
    series: [
      {
        type: 'heatmap',
        // Nothing by colour alone: the figure stands in its cell.
        data: points.map((point) => ({
          value: point,
          label: { color: inkOn((point[2] ?? 0) / most, look) },
        })),
        label: { show: true, fontSize: 12 },
        itemStyle: { borderColor: 'transparent', borderWidth: 2 },
      },
    ],
  };
}

/** The same figures as a table: heads and rows of texts. */
export function chartTable(data: ChartData): { heads: string[]; rows: string[][] } {
  if (data.kind === 'funnel') {
    return {
      heads: ['阶段', '人数'],
      rows: data.stages.map(({ name, count }) => [name, formatCount(count)]),
    };
  }
  if (data.kind === 'heat') {
    const rows = data.rows.map((name, y) => [
      name,
      ...data.columns.map((_c, x) => formatCount(data.cells[y]?.[x])),
    ]);
    return { heads: ['', ...data.columns], rows };
  }
  const heads = ['', ...data.series.map(({ name }) => name)];
  const rows = data.categories.map((name, at) => [
    name,
    ...data.series.map(({ values }) => formatCount(values[at])),
  ]);
  return { heads, rows };
}
