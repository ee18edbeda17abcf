import { Segmented, Select, Table, Tag } from 'antd';
import { useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatCount } from '#ui/format';
import { useListState } from '#ui/list-state';
import { textOf } from '#ui/search-params';
import { Empty } from '#ui/states';
import { TablePager } from '#ui/table-bars';
import { type FindingView, type ImportView, listFindings } from '../contract.ts';
import { mappableFields } from '../heading.rules.ts';
import {
  FINDINGS_PER_CODE_MAX,
  type FindingCode,
  findingText,
  type Severity,
  severities,
  severityOf,
} from '../rules.ts';

const levels: Readonly<Record<Severity, { text: string; color?: string }>> = {
  rejected: { text: '拒收', color: 'error' },
  warning: { text: '需核对', color: 'warning' },
  info: { text: '提示' },
};

/** Short name of a finding: its sentence up to the first comma. */
const shortText = (code: string): string =>
  (findingText[code as FindingCode] ?? code).split(/[，。]/)[0] ?? code;

const fieldLabels = new Map(mappableFields().map(({ column, label }) => [column, label]));

/** 身份证号（SFZH）: the column of the file, and what it holds. */
function fieldText(field: string | null): string {
  if (field === null) return '';
  const label = fieldLabels.get(field);
  return label && label !== field ? `${label}（${field}）` : field;
}

type Kind = readonly [code: string, count: number];

/** The findings of an import by level and by kind, the most frequent kind first; both stand in the address. */
export function FindingTable({ data }: { readonly data: ImportView }) {
  const url = useListState({ names: ['code', 'level'] });
  const { filters, cursor, limit } = url.list;
  const code = textOf(filters.code);
  const level = severities.find((one) => one === filters.level);
  const query = {
    ...{ limit },
    ...(code && { code }),
    ...(level && { severity: level }),
    ...(cursor && { cursor }),
  };
  const found = useRoute(listFindings, { params: { id: data.id }, query });
  const kinds = Object.entries(data.counts.findings ?? {}).toSorted(([, one], [, other]) => other - one);
  const offered = kinds.filter(([kind]) => !level || severityOf(kind as FindingCode) === level);
  const shown = offered.filter(([kind]) => !code || kind === code);
  const cut = shown.some(([, count]) => count > FINDINGS_PER_CODE_MAX);
  return (
    <>
      <div className="zz-toolbar">
        <LevelPicker kinds={kinds} level={level} onChange={(next) => url.setFilters({ level: next })} />
        <Select
          allowClear
          aria-label="问题种类"
          placeholder={`${offered.length} 种问题`}
          style={{ width: 400 }}
          options={offered.map(([kind, count]) => ({
            value: kind,
            label: `${shortText(kind)}（${formatCount(count)}）`,
          }))}
          value={code || undefined}
          onChange={(next?: string) => url.setFilters({ level, code: next })}
        />
      </div>
      {cut && (
        <p className="zz-note">
          {`每种问题最多逐条列出 ${formatCount(FINDINGS_PER_CODE_MAX)} 条，数量以上面为准；这么多相同的问题，多半是列选错了，请先核对“列的含义”。`}
        </p>
      )}
      <ErrorNote error={found.error} onRetry={() => void found.refetch()} />
      <FindingRows items={found.data?.items ?? []} loading={found.isPending} />
      <TablePager
        page={found.data && { ...found.data, total: cut ? null : shown.reduce((all, [, n]) => all + n, 0) }}
        url={url}
      />
    </>
  );
}

interface LevelPickerProps {
  readonly kinds: readonly Kind[];
  readonly level: Severity | undefined;
  readonly onChange: (level: Severity | undefined) => void;
}

const ALL = 'all';

function LevelPicker({ kinds, level, onChange }: LevelPickerProps) {
  const countOf = (of: Severity | null): number =>
    kinds.reduce(
      (sum, [kind, count]) => (of === null || severityOf(kind as FindingCode) === of ? sum + count : sum),
      0,
    );
  return (
    <Segmented<Severity | typeof ALL>
      value={level ?? ALL}
      onChange={(next) => onChange(next === ALL ? undefined : next)}
      options={[
        { value: ALL, label: `全部 ${formatCount(countOf(null))}` },
        ...severities.map((value) => ({
          value,
          label: `${levels[value].text} ${formatCount(countOf(value))}`,
        })),
      ]}
    />
  );
}

function FindingRows({
  items,
  loading,
}: {
  readonly items: readonly FindingView[];
  readonly loading: boolean;
}) {
  return (
    <Table<FindingView>
      size="small"
      rowKey="no"
      loading={loading}
      dataSource={[...items]}
      pagination={false}
      locale={{ emptyText: <Empty text="没有这样的问题。" /> }}
      columns={[
        { title: '级别', width: 72, render: (_, row) => <Level code={row.code} /> },
        { title: '文件', dataIndex: 'file', width: 130 },
        { title: '行', width: 64, align: 'right', render: (_, row) => row.row || '整个文件' },
        { title: '字段', width: 140, render: (_, row) => fieldText(row.field) },
        { title: '原文摘录', dataIndex: 'excerpt', width: 210 },
        { title: '问题和做法', dataIndex: 'message' },
      ]}
    />
  );
}

function Level({ code }: { readonly code: string }) {
  const { text, color } = levels[severityOf(code as FindingCode)];
  return <Tag {...(color && { color })}>{text}</Tag>;
}
