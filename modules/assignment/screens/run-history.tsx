import { Tag } from 'antd';
import { stageLabel } from '#season/contract';
import { formatCount, formatDateTime } from '#ui/format';
import { listQuery } from '#ui/list-state';
import { QueryTable } from '#ui/query-table';
import { listRuns, RUN_STATE_LABELS, type RunLine } from '../contract.ts';

const colours = {
  previewed: 'processing',
  releasing: 'processing',
  released: 'success',
  discarded: 'default',
} as const;

/** 分配记录: every preview and release, with who did which. */
export function RunHistory({ onOpen }: { readonly onOpen: (id: string) => void }) {
  return (
    <QueryTable<RunLine>
      id="assignment-runs"
      source={(list) => listQuery(listRuns, list)}
      rowKey={({ id }) => id}
      onOpen={({ id }) => onOpen(id)}
      columns={[
        {
          key: 'createdAt',
          title: '预览时间',
          identity: true,
          render: (row) => formatDateTime(row.createdAt),
        },
        {
          key: 'state',
          title: '状态',
          render: ({ state }) => <Tag color={colours[state]}>{RUN_STATE_LABELS[state]}</Tag>,
        },
        {
          key: 'stage',
          title: '阶段',
          render: ({ stage }) => stageLabel(stage as Parameters<typeof stageLabel>[0]),
        },
        { key: 'total', title: '考生', align: 'right', render: ({ figures }) => formatCount(figures.total) },
        { key: 'lead', title: '报备', align: 'right', render: ({ figures }) => formatCount(figures.lead) },
        {
          key: 'random',
          title: '随机',
          align: 'right',
          render: ({ figures }) => formatCount(figures.random),
        },
        {
          key: 'up',
          title: '突击组',
          align: 'right',
          render: ({ figures }) => formatCount(figures.escalation),
        },
        {
          key: 'left',
          title: '未放出',
          align: 'right',
          render: ({ figures }) => formatCount(figures.left + figures.blocked),
        },
        { key: 'by', title: '预览人', render: (row) => row.createdByName },
        { key: 'released', title: '放出', render: (row) => releasedText(row) },
        { key: 'seed', title: '种子', optional: true, render: ({ seed }) => seed },
      ]}
      empty="还没有分配过。"
    />
  );
}

const releasedText = ({ releasedByName, releasedAt }: RunLine): string =>
  releasedAt === null ? '—' : `${releasedByName ?? ''} ${formatDateTime(releasedAt)}`;
