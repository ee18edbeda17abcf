import { Table } from 'antd';
import type { RouteReply } from '#platform/http/route';
import { useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatDateTime } from '#ui/format';
import { Empty, Loading } from '#ui/states';
import { candidateHistory } from '../contract.ts';

type Line = RouteReply<typeof candidateHistory>['items'][number];

const ACTIONS: Readonly<Record<string, string>> = {
  'candidate.revealed': '显示脱敏信息',
  'candidate.minor_opened': '查看未成年人档案',
  'candidate.photo_viewed': '查看照片',
  'candidate.phone_added': '添加号码',
  'candidate.phone_detached': '错号移除',
  'candidate.phone_changed': '更正号码',
  'candidate.signals_set': '设置关注点',
  'candidate.signal_added': '批量加关注点',
  'candidate.wish_set': '记录意向',
  'candidate.note_written': '写备注',
  'candidate.note_voided': '作废备注',
  'candidate.merged': '合并档案',
  'candidate.merge_undone': '撤销合并',
};

/** 操作日志: who did or looked at what, and why. */
export function HistoryTab({ id }: { readonly id: string }) {
  const history = useRoute(candidateHistory, { params: { id } });
  if (history.error) return <ErrorNote error={history.error} onRetry={() => void history.refetch()} />;
  if (!history.data) return <Loading rows={6} />;
  return (
    <Table<Line>
      size="small"
      rowKey={(line) => `${line.at} ${line.action}`}
      pagination={{ pageSize: 15, hideOnSinglePage: true, size: 'small' }}
      dataSource={[...history.data.items]}
      locale={{ emptyText: <Empty text="还没有操作记录。" /> }}
      columns={[
        { key: 't', title: '时间', width: 140, render: (_, line) => formatDateTime(line.at) },
        { key: 'u', title: '操作人', width: 90, render: (_, line) => line.actorName },
        { key: 'a', title: '操作', width: 140, render: (_, line) => ACTIONS[line.action] ?? line.action },
        { key: 'd', title: '内容', render: (_, line) => line.detail || '—' },
        { key: 'r', title: '原因', render: (_, line) => line.reason ?? '—' },
      ]}
    />
  );
}
