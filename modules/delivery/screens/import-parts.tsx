import { Button, Select, Table } from 'antd';
import { useState } from 'react';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatCount } from '#ui/format';
import { ImportCounts } from '#ui/import-steps';
import { useListState } from '#ui/list-state';
import type { RawSearch } from '#ui/search-params';
import { Empty } from '#ui/states';
import { TablePager } from '#ui/table-bars';
import { type ImportView, listChanges, mapColumns } from '../contract.ts';
import { mappableFields } from '../heading.rules.ts';
import { type FindingCode, PREVIEW_CHANGES_MAX } from '../rules.ts';
import { type TableKind, tableKindText } from '../table.rules.ts';

export interface FigureRowProps {
  readonly counts: ImportView['counts'];
  /** Leads to the rows behind a figure: a tab of the details, with its filters. */
  readonly onOpen: (search: RawSearch) => void;
}

export function FigureRow({ counts, onOpen }: FigureRowProps) {
  const kind = (code: FindingCode) => () => onOpen({ code });
  return (
    <ImportCounts
      counts={[
        { label: '考生', count: counts.candidates ?? 0, unit: '名' },
        { label: '新增', count: counts.created ?? 0, unit: '名', tone: 'good' },
        { label: '更新', count: counts.updated ?? 0, unit: '名', onOpen: () => onOpen({ tab: 'changes' }) },
        { label: '无变化', count: counts.unchanged ?? 0, unit: '名' },
        {
          label: '冲突',
          count: counts.conflicts ?? 0,
          unit: '行',
          tone: 'warn',
          onOpen: kind('candidate_conflict'),
        },
        {
          label: '拒收',
          count: counts.rejected ?? 0,
          unit: '行',
          tone: 'warn',
          onOpen: () => onOpen({ level: 'rejected' }),
        },
        { label: '锁定', count: counts.locked ?? 0, unit: '名' },
        { label: '无号码', count: counts.noPhone ?? 0, unit: '名', tone: 'warn' },
        { label: '缺字', count: counts.namesLost ?? 0, unit: '名', tone: 'warn', onOpen: kind('name_lost') },
        { label: '证号错', count: counts.badId ?? 0, unit: '名', tone: 'warn', onOpen: kind('id_bad') },
      ]}
    />
  );
}

export function ChangeTable({ data }: { readonly data: ImportView }) {
  const { id } = data;
  const cut = data.state === 'previewed' && (data.counts.updated ?? 0) > PREVIEW_CHANGES_MAX;
  const url = useListState({ names: [] });
  const { cursor, limit } = url.list;
  const found = useRoute(listChanges, { params: { id }, query: { limit, ...(cursor && { cursor }) } });
  const rows = (found.data?.items ?? []).flatMap((change) =>
    change.differences.map((difference) => ({
      ...difference,
      candidateNo: change.candidateNo,
      person: change.name,
      key: `${change.candidateId}${difference.field}`,
    })),
  );
  return (
    <>
      {cut && (
        <p className="zz-note">
          {`确认以前先列 ${formatCount(PREVIEW_CHANGES_MAX)} 人的对照，导入后可看全部 ${formatCount(data.counts.updated ?? 0)} 人。`}
        </p>
      )}
      <ErrorNote error={found.error} />
      <Table
        size="small"
        loading={found.isPending}
        dataSource={rows}
        pagination={false}
        locale={{ emptyText: <Empty text="没有被更新的考生。" /> }}
        columns={[
          { title: '考生号', dataIndex: 'candidateNo', width: 150 },
          { title: '姓名', dataIndex: 'person', width: 90 },
          { title: '字段', dataIndex: 'label', width: 130 },
          { title: '原来', dataIndex: 'before' },
          { title: '现在', dataIndex: 'after' },
        ]}
      />
      <TablePager page={found.data} url={url} />
    </>
  );
}

export function TableList({ data }: { readonly data: ImportView }) {
  return (
    <>
      <Table
        size="small"
        rowKey="file"
        dataSource={data.tables}
        pagination={false}
        columns={[
          { title: '文件', dataIndex: 'file' },
          { title: '识别为', render: (_, row) => tableKindText[row.kind as TableKind] ?? row.kind },
          { title: '编码', dataIndex: 'encoding', width: 110 },
          { title: '行数', width: 100, align: 'right', render: (_, row) => formatCount(row.rows) },
          { title: '已删除', width: 90, align: 'right', render: (_, row) => formatCount(row.deletedRows) },
          { title: '拒收', width: 90, align: 'right', render: (_, row) => formatCount(row.rejected) },
        ]}
      />
      {data.notes.length > 0 && (
        <Table
          size="small"
          className="zz-gap"
          title={() => `文件说明（${data.notes.length}）`}
          rowKey={({ code, file }) => `${code}${file}`}
          dataSource={data.notes}
          pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
          columns={[
            { title: '文件', dataIndex: 'file', width: 240 },
            { title: '说明', dataIndex: 'message' },
            { title: '详情', dataIndex: 'detail', width: 280 },
          ]}
        />
      )}
    </>
  );
}

const KEEP_RAW = '';

/** What each heading of a spreadsheet stands for; remembered for the same headings. */
export function MappingForm({ data }: { readonly data: ImportView }) {
  const [chosen, setChosen] = useState<Record<string, string>>({});
  const save = useCommand(mapColumns, { renews: ['imports'] });
  const options = [
    { value: KEEP_RAW, label: '不使用，原样保留' },
    ...mappableFields().map(({ column, label }) => ({ value: column, label: `${label}（${column}）` })),
  ];
  const columnOf = (heading: string, column: string | null) => chosen[heading] ?? column ?? KEEP_RAW;
  const mapping = () =>
    Object.fromEntries(
      data.headings.map(({ heading, column }) => [heading, columnOf(heading, column) || null]),
    );
  const fixed = data.state !== 'previewed' && data.state !== 'refused';
  return (
    <>
      <p className="zz-note">
        请为每个表头选定对应的字段，至少要有一列是考生号。选好后重新读取；以后遇到同样表头的表，自动照此读取。
      </p>
      <Table
        size="small"
        rowKey="heading"
        dataSource={data.headings}
        pagination={false}
        columns={[
          { title: '表头', dataIndex: 'heading' },
          {
            title: '对应字段',
            render: (_, { heading, column }) => (
              <Select
                showSearch={{ optionFilterProp: 'label' }}
                disabled={fixed}
                aria-label={heading}
                style={{ width: 260 }}
                options={options}
                value={columnOf(heading, column)}
                onChange={(next: string) => setChosen({ ...chosen, [heading]: next })}
              />
            ),
          },
        ]}
      />
      <ErrorNote error={save.error} />
      <Button
        type="primary"
        disabled={fixed}
        loading={save.isPending}
        onClick={() => save.mutate({ params: { id: data.id }, body: { mapping: mapping() } })}
      >
        按此重新读取
      </Button>
    </>
  );
}
