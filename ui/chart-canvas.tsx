import { BarChart, HeatmapChart, LineChart } from 'echarts/charts';
import {
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { type ChartData, chartOption } from './chart-options.tsx';

use([
  BarChart,
  HeatmapChart,
  LineChart,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
  CanvasRenderer,
]);

interface ChartCanvasProps {
  readonly data: ChartData;
  readonly height: number;
  readonly isDark: boolean;
}

/** The canvas; its own chunk, because the library is larger than the workbench. Loaded through `Chart` only. */
export function ChartCanvas({ data, height, isDark }: ChartCanvasProps) {
  const box = useRef<HTMLDivElement>(null);
  const figures = JSON.stringify(data);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const chart = init(element);
    const { fontFamily } = getComputedStyle(element);
    chart.setOption(chartOption(JSON.parse(figures) as ChartData, { isDark, fontFamily }));
    const watcher = new ResizeObserver(() => chart.resize());
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      chart.dispose();
    };
  }, [figures, isDark]);
  return <div ref={box} className="zz-chart-canvas" style={{ height }} aria-hidden />;
}
