import { useNavigate } from '@tanstack/react-router';
import { Alert, App } from 'antd';
import { useState } from 'react';
import { actionWords, NOUNS } from '#ledger/contract';
import type { RouteReply } from '#platform/http/route';
import { ActionButton } from '#ui/action-button';
import { useCommand } from '#ui/api';
import { DetailDrawer } from '#ui/detail-drawer';
import { ErrorNote } from '#ui/error-note';
import type { Filter } from '#ui/filter-form';
import { formatCount, formatDateTime } from '#ui/format';
import { listQuery } from '#ui/list-state';
import { Page } from '#ui/page';
import { type QueryColumn, QueryTable } from '#ui/query-table';
import { listAudit, verifyAuditLog } from '../server/contract.ts';
import { AuditBody, bodyLine } from './audit-body.tsx';
import { AuditHeads } from './audit-heads.tsx';

type Line = RouteReply<typeof listAudit>['items'][number];

const FAULTS = { missing: '缺少记录', changed: '记录被改动', head: '末尾与存根不符' } as const;
const SHOWN = 5;

const filters: readonly Filter[] = [
  { name: 'actor', label: '操作人', kind: 'text', personal: true },
  {
    name: 'action',
    label: '事项',
    kind: 'select',
    options: Object.entries(NOUNS).map(([noun, label]) => ({ value: `${noun}.`, label })),
  },
  { name: 'at', label: '日期', kind: 'dates' },
  { name: 'subject', label: '对象编号', kind: 'text', placeholder: '完整编号' },
];

const columns: readonly QueryColumn<Line>[] = [
  { key: 'at', title: '时间', width: 150, identity: true, render: (row) => formatDateTime(row.at) },
  { key: 'actor', title: '操作人', width: 100, render: (row) => row.actorName },
  { key: 'action', title: '事项', width: 190, render: (row) => actionWords(row.action) },
  { key: 'reason', title: '原因', width: 200, render: (row) => row.reason ?? '—' },
  {
    key: 'body',
    title: '内容',
    width: 300,
    render: (row) => <span className="zz-ellipsis zz-audit-text">{bodyLine(row.body)}</span>,
  },
  { key: 'subject', title: '对象编号', width: 290, optional: true, render: (row) => row.subjectId ?? '—' },
  { key: 'ip', title: '地址', width: 120, render: (row) => row.ip ?? '—' },
];

/** 审计日志: who did or read what, when and why; and whether the log itself is whole. */
export function AuditPage() {
  const { message } = App.useApp();
  const [opened, setOpened] = useState<Line | null>(null);
  const verify = useCommand(verifyAuditLog, {
    renews: ['audit'],
    onDone: ({ entries, faults }) => {
      if (faults.length === 0) void message.success(`已校验 ${formatCount(entries)} 条，没有改动或缺失。`);
    },
  });
  const [heads, setHeads] = useState(false);
  const navigate = useNavigate();
  const faults = verify.data?.faults ?? [];
  return (
    <Page
      note="每条记录和前一条相连，改动或删除都能校验出来；内容已脱敏。"
      extra={
        <>
          <ActionButton can="audit.read" loading={verify.isPending} onClick={() => verify.mutate({})}>
            校验日志
          </ActionButton>
          <ActionButton can="audit.read" onClick={() => setHeads(true)}>
            链尾校验值
          </ActionButton>
          <ActionButton can="audit.export" onClick={() => void navigate({ to: '/audit/exports' })}>
            导出日志
          </ActionButton>
        </>
      }
    >
      <ErrorNote error={verify.error} />
      {faults.length > 0 && <Alert showIcon type="error" role="alert" title={faultWords(faults)} />}
      <QueryTable<Line>
        id="audit"
        source={(list) => listQuery(listAudit, list)}
        rowKey={({ id }) => id}
        columns={columns}
        filters={filters}
        onOpen={setOpened}
        empty="还没有记录。"
      />
      {heads && <AuditHeads onClose={() => setHeads(false)} />}
      {opened && (
        <DetailDrawer open onClose={() => setOpened(null)} size={560} title={actionWords(opened.action)}>
          <p>
            {`${formatDateTime(opened.at)}　${opened.actorName}　${opened.ip ?? ''}`}
            {opened.reason && <span className="zz-note">{`　原因：${opened.reason}`}</span>}
          </p>
          <AuditBody text={opened.body} />
          {opened.subjectId && <p className="zz-note">对象编号 {opened.subjectId}</p>}
        </DetailDrawer>
      )}
    </Page>
  );
}

function faultWords(faults: RouteReply<typeof verifyAuditLog>['faults']): string {
  const places = faults
    .slice(0, SHOWN)
    .map(({ stripe, seq, what }) => `第 ${stripe} 链第 ${seq} 条${FAULTS[what]}`);
  return `发现 ${faults.length} 处问题：${places.join('；')}。请保留现场并立即报告学校信息安全负责人。`;
}
