import { Link } from '@tanstack/react-router';
import { Select, Table } from 'antd';
import { provinceName } from '#season/rules';
import { formatCount, formatDateTime } from '#ui/format';
import { Section } from '#ui/page';
import { takesIn } from '../rules.ts';
import type { Draft, Options } from './draft.ts';

interface StepProps {
  readonly options: Options;
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}

/** Provinces that have somebody waiting, for a select. */
export const provinceOptions = (options: Options) =>
  [...new Set(options.waiting.map(({ provinceCode }) => provinceCode))].map((value) => ({
    value,
    label: provinceName(value),
  }));

export const batchOptions = (options: Options) =>
  [...new Map(options.waiting.map(({ batchId, batchName }) => [batchId, batchName]))].map(
    ([value, label]) => ({
      value,
      label,
    }),
  );

/** 范围: which waiting candidates; nothing chosen means all. */
export function RangeStep({ options, draft, onChange }: StepProps) {
  const { filter } = draft;
  const set = (change: Partial<Draft['filter']>) => onChange({ ...draft, filter: { ...filter, ...change } });
  const chosen = options.waiting.filter((place) => takesIn(filter, place));
  const free = chosen.filter(({ blocked }) => blocked.length === 0);
  const sum = (rows: Options['waiting']) => rows.reduce((total, { count }) => total + count, 0);
  return (
    <Section title="选择要分配的考生">
      <div className="zz-form-grid">
        <Select
          mode="multiple"
          allowClear
          aria-label="省份"
          placeholder="全部省份"
          value={[...filter.provinceCodes]}
          options={provinceOptions(options)}
          onChange={(provinceCodes) => set({ provinceCodes })}
        />
        <Select
          mode="multiple"
          allowClear
          aria-label="批次"
          placeholder="全部批次"
          value={[...filter.batchIds]}
          options={batchOptions(options)}
          onChange={(batchIds) => set({ batchIds })}
        />
        <Select
          allowClear
          aria-label="导入"
          placeholder="不限哪次导入"
          value={filter.importId}
          options={options.imports.map(({ id, name, at }) => ({
            value: id,
            label: `${formatDateTime(at)} ${name}`,
          }))}
          onChange={(importId: string | null | undefined) => set({ importId: importId ?? null })}
        />
      </div>
      <p className="zz-note zz-gap-line">
        {`范围内待分配 ${formatCount(sum(chosen))} 名，其中可以放出 ${formatCount(sum(free))} 名，政策有缺项暂不能放出 ${formatCount(sum(chosen) - sum(free))} 名。${filter.importId ? '限定某次导入后的人数以预览为准。' : ''}`}
      </p>
      <PlacesTable places={chosen} />
    </Section>
  );
}

function PlacesTable({ places }: { readonly places: Options['waiting'] }) {
  return (
    <Table
      size="small"
      rowKey={({ provinceCode, batchId }) => `${provinceCode}/${batchId}`}
      dataSource={places}
      pagination={{ pageSize: 10, hideOnSinglePage: true, showSizeChanger: false }}
      locale={{ emptyText: '没有待分配的考生。请先到“录检 > 导入”导入投档文件。' }}
      columns={[
        { title: '省份', render: (_, row) => provinceName(row.provinceCode), width: 140 },
        { title: '批次', dataIndex: 'batchName', width: 180 },
        { title: '待分配', align: 'right', width: 110, render: (_, row) => formatCount(row.count) },
        {
          title: '能否放出',
          render: (_, row) =>
            row.blocked.length === 0 ? (
              '可以放出'
            ) : (
              <span>
                {`${row.blocked[0]}${row.blocked.length > 1 ? `（共缺 ${row.blocked.length} 项）` : ''} `}
                <Link to="/admission/check" search={{ view: 'blocked' } as never}>
                  放出检查
                </Link>
              </span>
            ),
        },
      ]}
    />
  );
}
