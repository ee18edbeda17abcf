import { Table, type TableProps, Tag } from 'antd';
import { formatCount, formatDateTime, formatRate } from '#ui/format';
import type { Board } from './words.ts';

type GroupRow = Board['groups'][number];
type ProvinceRow = Board['provinces'][number];
type Standing = GroupRow['standing'];

/** Where the cases of a row stand: the same columns for groups and provinces. */
function standingColumns<Row extends { readonly standing: Standing }>(
  sortable: boolean,
): NonNullable<TableProps<Row>['columns']> {
  const columns: readonly (readonly [string, (standing: Standing) => number])[] = [
    ['已放出', ({ cases }) => cases],
    ['未表态', ({ uncalled }) => uncalled],
    ['考虑', ({ considering }) => considering],
    ['联系不上', ({ unreachable }) => unreachable],
    ['转交', ({ escalated }) => escalated],
    ['退档', ({ withdrawing, withdrawn }) => withdrawing + withdrawn],
    ['确认', ({ confirmed, admitted }) => confirmed + admitted],
  ];
  return columns.map(([title, value]) => ({
    title,
    key: title,
    align: 'right' as const,
    render: (_: unknown, { standing }: Row) => formatCount(value(standing)),
    // The groups are few, and their table stands in a narrow place.
    ...(sortable ? { sorter: (one: Row, other: Row) => value(one.standing) - value(other.standing) } : {}),
  }));
}

export function GroupTable({ groups }: { readonly groups: readonly GroupRow[] }) {
  return (
    <Table<GroupRow>
      size="small"
      rowKey="groupId"
      dataSource={[...groups]}
      pagination={false}
      showSorterTooltip={false}
      scroll={{ x: 'max-content', y: 230 }}
      locale={{ emptyText: '还没有小组。' }}
      columns={[
        { title: '小组', fixed: 'start', render: (_, { name }) => name },
        ...standingColumns<GroupRow>(false),
        {
          title: '今日接通 / 联系',
          align: 'right',
          render: (_, { today }) => `${formatCount(today.contacts)} / ${formatCount(today.attempts)}`,
        },
        {
          title: '联系率',
          align: 'right',
          render: (_, { rates }) => formatRate(rates.contact.part, rates.contact.whole),
        },
      ]}
    />
  );
}

export function ProvinceTable({ provinces }: { readonly provinces: readonly ProvinceRow[] }) {
  const used = provinces.filter(({ standing }) => standing.cases > 0);
  return (
    <Table<ProvinceRow>
      size="small"
      rowKey="policyId"
      dataSource={used}
      pagination={{ pageSize: 40, hideOnSinglePage: true, showSizeChanger: false }}
      showSorterTooltip={false}
      scroll={{ x: 'max-content' }}
      locale={{ emptyText: '还没有放出考生的省份。' }}
      columns={[
        {
          title: '省份批次',
          fixed: 'start',
          render: (_, { provinceName, batchName }) => `${provinceName} ${batchName}`,
        },
        { title: '政策', render: (_, { withdrawable }) => <PolicyTag withdrawable={withdrawable} /> },
        {
          title: '退档截止',
          render: (_, { withdrawable, deadlineAt }) => (withdrawable ? formatDateTime(deadlineAt) : '—'),
        },
        ...standingColumns<ProvinceRow>(true),
        {
          title: '今日接通 / 联系',
          align: 'right',
          render: (_, { today }) => `${formatCount(today.contacts)} / ${formatCount(today.attempts)}`,
        },
      ]}
    />
  );
}

function PolicyTag({ withdrawable }: { readonly withdrawable: boolean | null }) {
  if (withdrawable === null) return <Tag color="error">未填写</Tag>;
  return <Tag color={withdrawable ? 'processing' : 'purple'}>{withdrawable ? '可退档' : '不可退档'}</Tag>;
}
