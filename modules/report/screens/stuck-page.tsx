import { Link } from '@tanstack/react-router';
import { Select, Table, Tag } from 'antd';
import { useState } from 'react';
import { z } from 'zod';
import { ActionButton } from '#ui/action-button';
import { useRoute } from '#ui/api';
import { useNow } from '#ui/clock';
import { ErrorNote } from '#ui/error-note';
import { formatCount, formatDateTime, formatDuration } from '#ui/format';
import { Page } from '#ui/page';
import { Loading } from '#ui/states';
import { countedPages } from '#ui/table-bars';
import { useUrlState } from '#ui/url-state';
import { groupBoard, STUCK_LABELS, type StuckCode, stuckList } from '../contract.ts';
import { StuckReassign } from './stuck-reassign.tsx';

const CODES = Object.keys(STUCK_LABELS) as [StuckCode, ...StuckCode[]];
const Search = z.object({
  groupId: z.uuid().optional().catch(undefined),
  code: z.enum(CODES).optional().catch(undefined),
});
const REFRESH_MS = 30_000;

/** 卡住的考生: what nobody is about to move, by cause, the longest waiting first. */
export function StuckPage() {
  const [query, patch] = useUrlState(Search);
  const { data, error, refetch } = useRoute(stuckList, { query }, { refetchInterval: REFRESH_MS });
  const groups = useRoute(groupBoard, { query: {} }, { staleTime: 60_000 });
  return (
    <Page
      note="没有人会马上处理的考生，按原因列出，等得最久的在前，每种原因最多 100 名。同一名考生可能有几种原因。"
      extra={
        <Select
          aria-label="小组"
          allowClear
          placeholder="全部小组"
          style={{ width: 180 }}
          value={query.groupId ?? null}
          options={(groups.data?.groups ?? []).map(({ groupId, name }) => ({ value: groupId, label: name }))}
          onChange={(next: string | null) => patch({ groupId: next ?? undefined })}
        />
      }
    >
      <ErrorNote error={error} onRetry={() => void refetch()} />
      {!data && !error && <Loading rows={10} />}
      {data && (
        <>
          <div className="zz-page-extra">
            {CODES.map((code) => (
              <Tag.CheckableTag
                key={code}
                checked={query.code === code}
                onChange={(checked) => patch({ code: checked ? code : undefined })}
              >
                {STUCK_LABELS[code]} {formatCount(data.counts[code] ?? 0)} 名
              </Tag.CheckableTag>
            ))}
          </div>
          <StuckTable items={data.items} />
        </>
      )}
    </Page>
  );
}

const keyOf = (row: Pick<Row, 'code' | 'caseId'>): string => `${row.code} ${row.caseId}`;

type Row = { readonly [K in keyof Item]: Item[K] };
type Item = NonNullable<ReturnType<typeof useRoute<typeof stuckList>>['data']>['items'][number];

function StuckTable({ items }: { readonly items: readonly Row[] }) {
  const now = useNow('minute');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [moving, setMoving] = useState(false);
  // A candidate can be stuck for several causes; the case moves once.
  const cases = [...new Set(items.filter((row) => chosen.includes(keyOf(row))).map((row) => row.caseId))];
  return (
    <div className="zz-list-card">
      <div className="zz-toolbar">
        <div className="zz-page-extra">
          <ActionButton
            can="assignment.change"
            refused={cases.length === 0 ? '先勾选要改派的考生。' : null}
            onClick={() => setMoving(true)}
          >
            改派{cases.length > 0 && ` ${formatCount(cases.length)} 名`}
          </ActionButton>
          <Link to={'/team/ownership' as never}>看各人在办</Link>
        </div>
      </div>
      {moving && (
        <StuckReassign caseIds={cases} onMoved={() => setChosen([])} onClose={() => setMoving(false)} />
      )}
      <Table<Row>
        size="small"
        rowKey={keyOf}
        rowSelection={{
          selectedRowKeys: [...chosen],
          onChange: (keys) => setChosen(keys.map(String)),
          columnWidth: 40,
          fixed: true,
        }}
        dataSource={[...items]}
        pagination={countedPages(50)}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: '没有卡住的考生。' }}
        columns={[
          {
            title: '考生',
            fixed: 'start',
            render: (_, row) => (
              <Link to="/candidates" search={{ open: row.candidateId } as never}>
                {row.candidateName}　{row.candidateNo}
              </Link>
            ),
          },
          {
            title: '原因',
            render: (_, { code }) => <Tag color="warning">{STUCK_LABELS[code as StuckCode] ?? code}</Tag>,
          },
          { title: '已等', render: (_, { since }) => formatDuration((now - since) / 1000) },
          { title: '截止', render: (_, { deadlineAt }) => formatDateTime(deadlineAt) },
          { title: '回访员', render: (_, { ownerName }) => ownerName ?? '没有归属' },
          { title: '小组', render: (_, { groupName }) => groupName ?? '未编组' },
        ]}
      />
    </div>
  );
}
