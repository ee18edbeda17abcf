import { Button, Space, Table, Timeline } from 'antd';
import { useState } from 'react';
import { provinceName } from '#season/rules';
import { useRoute } from '#ui/api';
import { DetailDrawer } from '#ui/detail-drawer';
import { ErrorNote } from '#ui/error-note';
import { formatCount, formatDateTime } from '#ui/format';
import { Loading } from '#ui/states';
import {
  ASSIGNMENT_LABELS,
  type CallerLoad,
  caseHistory,
  listOwned,
  type OwnedCase,
} from '../change.contract.ts';
import { MOVE_LABELS, type MoveAct, MoveModal } from './move-modal.tsx';
import { DISPOSITION_LABELS, STATE_LABELS } from './words.ts';

interface OwnedDrawerProps {
  readonly caller: CallerLoad;
  readonly others: readonly CallerLoad[];
  readonly onClose: () => void;
}

/** The open cases of one caller: choose some, move them; a row opens to its history. */
export function OwnedDrawer({ caller, others, onClose }: OwnedDrawerProps) {
  const [pages, setPages] = useState<readonly (string | undefined)[]>([undefined]);
  const cursor = pages.at(-1);
  const list = useRoute(listOwned, { query: { userId: caller.userId, ...(cursor ? { cursor } : {}) } });
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [act, setAct] = useState<MoveAct | null>(null);
  const next = list.data?.nextCursor ?? null;
  return (
    <DetailDrawer
      open
      onClose={onClose}
      size={860}
      title={`${caller.name}的在办 ${formatCount(caller.open)} 名`}
      extra={
        <Space>
          {(Object.keys(MOVE_LABELS) as MoveAct[]).map((key) => (
            <Button
              key={key}
              type={key === 'reassign' ? 'primary' : 'default'}
              disabled={chosen.length === 0}
              onClick={() => setAct(key)}
            >
              {key === 'reassign' ? `改派 ${chosen.length} 名` : MOVE_LABELS[key]}
            </Button>
          ))}
        </Space>
      }
    >
      <ErrorNote error={list.error} />
      <OwnedTable
        items={list.data?.items ?? []}
        loading={list.isPending}
        chosen={chosen}
        onChoose={setChosen}
      />
      <Space>
        {pages.length > 1 && <Button onClick={() => setPages(pages.slice(0, -1))}>上一页</Button>}
        {next && <Button onClick={() => setPages([...pages, next])}>下一页</Button>}
      </Space>
      {act && (
        <MoveModal
          act={act}
          chosen={{ caseIds: chosen }}
          callers={others.filter(({ userId }) => userId !== caller.userId)}
          onClose={() => setAct(null)}
          onMoved={() => setChosen([])}
        />
      )}
    </DetailDrawer>
  );
}

interface OwnedTableProps {
  readonly items: readonly OwnedCase[];
  readonly loading: boolean;
  readonly chosen: readonly string[];
  readonly onChoose: (ids: readonly string[]) => void;
}

function OwnedTable({ items, loading, chosen, onChoose }: OwnedTableProps) {
  return (
    <Table<OwnedCase>
      size="small"
      rowKey="id"
      loading={loading}
      dataSource={[...items]}
      pagination={false}
      rowSelection={{
        selectedRowKeys: [...chosen],
        preserveSelectedRowKeys: true,
        onChange: (keys) => onChoose(keys.map(String)),
        getCheckboxProps: ({ state }) => ({ disabled: state === 'leased' }),
      }}
      expandable={{ expandedRowRender: ({ id }) => <History caseId={id} /> }}
      locale={{ emptyText: '没有在办考生。' }}
      columns={[
        { title: '考生', render: (_, row) => row.name },
        { title: '省份批次', render: (_, row) => `${provinceName(row.provinceCode)} ${row.batchName}` },
        { title: '状态', render: (_, row) => STATE_LABELS[row.state] ?? row.state },
        { title: '结果', render: (_, row) => DISPOSITION_LABELS[row.disposition] ?? row.disposition },
        { title: '拨打', align: 'right', render: (_, row) => formatCount(row.attempts) },
        { title: '下次', render: (_, row) => formatDateTime(row.dueAt) },
        { title: '来历', render: (_, row) => (row.kind === null ? '' : labelOf(row.kind)) },
      ]}
    />
  );
}

const labelOf = (kind: string): string => (ASSIGNMENT_LABELS as Record<string, string>)[kind] ?? kind;

/** 归属经过: who had the case, who decided and why. */
function History({ caseId }: { readonly caseId: string }) {
  const history = useRoute(caseHistory, { params: { caseId } });
  if (history.isPending) return <Loading rows={2} />;
  if (!history.data) return <ErrorNote error={history.error} />;
  return (
    <Timeline
      items={history.data.items.map((line) => ({
        key: `${line.at} ${line.kind}`,
        content: `${formatDateTime(line.at)} ${labelOf(line.kind)}：${line.from ?? '—'} → ${line.to ?? (line.group ? `${line.group}（组内）` : '公共池')}，${line.by ?? '系统'}：${line.reason}`,
      }))}
    />
  );
}
