import { BarChartOutlined, TableOutlined } from '@ant-design/icons';
import { Button, theme } from 'antd';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { type ChartData, chartTable } from './chart-options.tsx';
import { Empty, Loading } from './states.tsx';

const ChartCanvas = lazy(() => import('./chart-canvas.tsx').then((file) => ({ default: file.ChartCanvas })));

export type { ChartData, FunnelData, HeatData, SeriesData } from './chart-options.tsx';

export interface ChartProps {
  readonly title: string;
  /** What the figures count, by which definition: shown under the chart, always. */
  readonly definition: string;
  /** `kind` is line, bar, funnel or heat. */
  readonly data: ChartData;
  readonly height?: number;
  readonly extra?: ReactNode;
}

/** A chart with its definition and, one click away, its figures as a table. Screen readers get the table. */
export function Chart({ title, definition, data, height = 260, extra }: ChartProps) {
  const [asTable, setAsTable] = useState(false);
  const { token } = theme.useToken();
  const isDark = token.colorBgBase !== '#fff' && token.colorBgBase !== '#ffffff';
  const table = chartTable(data);
  return (
    <figure className="zz-section zz-chart">
      <div className="zz-section-head">
        <h2>{title}</h2>
        <div className="zz-page-extra">
          {extra}
          <Button
            type="text"
            size="small"
            icon={asTable ? <BarChartOutlined /> : <TableOutlined />}
            aria-pressed={asTable}
            onClick={() => setAsTable(!asTable)}
          >
            {asTable ? '看图' : '看表'}
          </Button>
        </div>
      </div>
      {table.rows.length === 0 && <Empty text="还没有数据。" />}
      {table.rows.length > 0 && !asTable && (
        <Suspense fallback={<Loading rows={5} />}>
          <ChartCanvas data={data} height={height} isDark={isDark} />
        </Suspense>
      )}
      {table.rows.length > 0 && <FigureTable title={title} {...table} hidden={!asTable} height={height} />}
      <figcaption className="zz-note">{definition}</figcaption>
    </figure>
  );
}

interface FigureTableProps {
  readonly title: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Hidden from the eye only. */
  readonly hidden: boolean;
  readonly height: number;
}

function FigureTable({ title, heads, rows, hidden, height }: FigureTableProps) {
  return (
    <div className={hidden ? 'zz-offscreen' : 'zz-figure-table'} style={hidden ? {} : { maxHeight: height }}>
      <table>
        <caption className="zz-offscreen">{title}</caption>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...values]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {values.map((value, at) => (
                <td key={heads[at + 1]}>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
