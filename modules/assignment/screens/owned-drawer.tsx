import { App, Button, Select, Space, Table, Timeline } from 'antd';
import { useState } from 'react';
import { provinceName } from '#season/rules';
import { useCommand, useRoute } from '#ui/api';
import { DetailDrawer } from '#ui/detail-drawer';
import { ErrorNote } from '#ui/error-note';
import { formatCount, formatDateTime } from '#ui/format';
import { ReasonModal } from '#ui/reason-modal';
import { Loading } from '#ui/states';
import {
  ASSIGNMENT_LABELS,
  type CallerLoad,
  caseHistory,
  listOwned,
  type OwnedCase,
  reassign,
  takeBack,
} from '../change.contract.ts';
import { DISPOSITION_LABELS, STATE_LABELS } from './words.ts';

interface OwnedDrawerProps {
  readonly caller: CallerLoad;
  readonly others: readonly CallerLoad[];
  readonly onClose: () => void;
}

type Act = 'reassign' | 'group' | 'pool';
const labels = { reassign: '改派', group: '收回本组', pool: '收回公共池' } as const;

/** The open cases of one caller: choose some, move them; a row opens to its history. */
export function OwnedDrawer({ caller, others, onClose }: OwnedDrawerProps) {
  const [pages, setPages] = useState<readonly (string | undefined)[]>([undefined]);
  const cursor = pages.at(-1);
  const list = useRoute(listOwned, { query: { userId: caller.userId, ...(cursor ? { cursor } : {}) } });
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [act, setAct] = useState<Act | null>(null);
  const [to, setTo] = useState<string>();
  const next = list.data?.nextCursor ?? null;
  return (
    <DetailDrawer
      open
      onClose={onClose}
      size={860}
      title={`${caller.name}的在办 ${formatCount(caller.open)} 名`}
      extra={
        <Space>
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            aria-label="改派给"
            placeholder="改派给"
            style={{ width: 190 }}
            value={to ?? null}
            onChange={setTo}
            options={others
              .filter(({ userId, available }) => available && userId !== caller.userId)
              .map((other) => ({
                value: other.userId,
                label: `${other.name}（在办 ${other.open}/${other.cap}）`,
              }))}
          />
          <Button type="primary" disabled={chosen.length === 0 || !to} onClick={() => setAct('reassign')}>
            改派 {chosen.length} 名
          </Button>
          <Button disabled={chosen.length === 0} onClick={() => setAct('group')}>
            收回本组
          </Button>
          <Button disabled={chosen.length === 0} onClick={() => setAct('pool')}>
            收回公共池
          </Button>
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
      <MoveModal
        act={act}
        chosen={chosen}
        to={others.find(({ userId }) => userId === to)}
        onClose={() => setAct(null)}
        onMoved={() => setChosen([])}
      />
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

interface MoveModalProps {
  readonly act: Act | null;
  readonly chosen: readonly string[];
  readonly to: CallerLoad | undefined;
  readonly onClose: () => void;
  readonly onMoved: () => void;
}

function MoveModal({ act, chosen, to, onClose, onMoved }: MoveModalProps) {
  const { message } = App.useApp();
  const done = ({ moved, stayed }: { moved: number; stayed: { name: string; why: string }[] }) => {
    const left = stayed.map(({ name, why }) => `${name}：${why}`).join('；');
    void message.info(
      stayed.length === 0
        ? `已调整 ${moved} 名。`
        : `已调整 ${moved} 名，未动 ${stayed.length} 名（${left}）`,
      6,
    );
    onMoved();
  };
  const give = useCommand(reassign, { onDone: done });
  const take = useCommand(takeBack, { onDone: done });
  const caseIds = [...chosen];
  const confirm = (reason: string) =>
    act === 'reassign'
      ? give.mutateAsync({ body: { caseIds, toUserId: to?.userId ?? '', reason } })
      : take.mutateAsync({ body: { caseIds, to: act === 'pool' ? 'pool' : 'group', reason } });
  const where =
    act === 'reassign'
      ? `改派给${to?.name ?? ''}`
      : act === 'pool'
        ? '收回公共池，任何人可取'
        : '收回本组，组员可取';
  return (
    <ReasonModal
      open={act !== null}
      onClose={onClose}
      title={labels[act ?? 'reassign']}
      consequence={`将把 ${formatCount(chosen.length)} 名考生${where}。约定的回拨时间不变，归属经过保留。`}
      usual={['工作量调整', '考生要求换人', '同校归一人']}
      confirmLabel={labels[act ?? 'reassign']}
      danger={false}
      onConfirm={confirm}
    />
  );
}
