import { Button, Select, Table, Tag } from 'antd';
import { useState } from 'react';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatCount } from '#ui/format';
import { ImportCounts } from '#ui/import-steps';
import { type ImportView, listChanges, listFindings, mapColumns } from '../contract.ts';
import { mappableFields } from '../heading.rules.ts';
import { type FindingCode, findingText, type Severity, severityOf } from '../rules.ts';
import { type TableKind, tableKindText } from '../table.rules.ts';

const PAGE = 50;

export function FigureRow({ counts }: { readonly counts: ImportView['counts'] }) {
  return (
    <ImportCounts
      counts={[
        { label: '考生', count: counts.candidates ?? 0 },
        { label: '新增', count: counts.created ?? 0, tone: 'good' },
        { label: '更新', count: counts.updated ?? 0 },
        { label: '无变化', count: counts.unchanged ?? 0 },
        { label: '冲突', count: counts.conflicts ?? 0, tone: 'warn' },
        { label: '拒收', count: counts.rejected ?? 0, tone: 'warn' },
        { label: '锁定', count: counts.locked ?? 0 },
        { label: '无号码', count: counts.noPhone ?? 0, tone: 'warn' },
        { label: '缺字', count: counts.namesLost ?? 0, tone: 'warn' },
        { label: '证号错', count: counts.badId ?? 0, tone: 'warn' },
      ]}
    />
  );
}

const levels: Readonly<Record<Severity, { text: string; color?: string }>> = {
  rejected: { text: '拒收', color: 'error' },
  warning: { text: '需核对', color: 'warning' },
  info: { text: '提示' },
};

/** Short name of a finding: its sentence up to the first comma. */
const shortText = (code: string): string =>
  (findingText[code as FindingCode] ?? code).split(/[，。]/)[0] ?? code;

export function FindingTable({ data }: { readonly data: ImportView }) {
  const [code, setCode] = useState<string>();
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const cursor = cursors.at(-1);
  const query = { limit: PAGE, ...(code && { code }), ...(cursor && { cursor }) };
  const found = useRoute(listFindings, { params: { id: data.id }, query });
  const counts = Object.entries(data.counts.findings ?? {});
  const options = counts.map(([value, count]) => ({
    value,
    label: `${shortText(value)}（${formatCount(count)}）`,
  }));
  const choose = (next: string | undefined) => {
    setCode(next);
    setCursors([]);
  };
  return (
    <>
      <Select
        allowClear
        aria-label="问题种类"
        placeholder="全部问题"
        style={{ width: 360 }}
        options={options}
        value={code}
        onChange={choose}
      />
      <ErrorNote error={found.error} />
      <Table
        size="small"
        rowKey="no"
        loading={found.isPending}
        dataSource={found.data?.items ?? []}
        pagination={false}
        columns={[
          { title: '级别', width: 90, render: (_, row) => <Level code={row.code} /> },
          { title: '文件', dataIndex: 'file', width: 140 },
          { title: '行', dataIndex: 'row', width: 80, align: 'right' },
          { title: '字段', dataIndex: 'field', width: 90 },
          { title: '原文摘录', dataIndex: 'excerpt', width: 200 },
          { title: '问题和做法', dataIndex: 'message' },
        ]}
      />
      <Pager next={found.data?.nextCursor ?? null} cursors={cursors} onChange={setCursors} />
    </>
  );
}

function Level({ code }: { readonly code: string }) {
  const { text, color } = levels[severityOf(code as FindingCode)];
  return <Tag {...(color && { color })}>{text}</Tag>;
}

interface PagerProps {
  readonly next: string | null;
  readonly cursors: readonly string[];
  readonly onChange: (cursors: readonly string[]) => void;
}

function Pager({ next, cursors, onChange }: PagerProps) {
  if (next === null && cursors.length === 0) return null;
  return (
    <div className="zz-page-extra zz-gap">
      <Button disabled={cursors.length === 0} onClick={() => onChange(cursors.slice(0, -1))}>
        上一页
      </Button>
      <Button disabled={next === null} onClick={() => next !== null && onChange([...cursors, next])}>
        下一页
      </Button>
    </div>
  );
}

export function ChangeTable({ id }: { readonly id: string }) {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const cursor = cursors.at(-1);
  const found = useRoute(listChanges, { params: { id }, query: { limit: PAGE, ...(cursor && { cursor }) } });
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
      <ErrorNote error={found.error} />
      <Table
        size="small"
        loading={found.isPending}
        dataSource={rows}
        pagination={false}
        locale={{ emptyText: '没有被更新的考生' }}
        columns={[
          { title: '考生号', dataIndex: 'candidateNo', width: 150 },
          { title: '姓名', dataIndex: 'person', width: 90 },
          { title: '字段', dataIndex: 'label', width: 130 },
          { title: '原来', dataIndex: 'before' },
          { title: '现在', dataIndex: 'after' },
        ]}
      />
      <Pager next={found.data?.nextCursor ?? null} cursors={cursors} onChange={setCursors} />
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
