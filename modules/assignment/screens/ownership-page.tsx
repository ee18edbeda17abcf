import { App, Button, Select, Space, Switch, Table, Tag } from 'antd';
import { useState } from 'react';
import { api, useCommand, useRoute } from '#ui/api';
import { useDrawer } from '#ui/detail-drawer';
import { ErrorNote } from '#ui/error-note';
import { formatCount } from '#ui/format';
import { Page } from '#ui/page';
import { ReasonModal } from '#ui/reason-modal';
import { listOf, textOf } from '#ui/search-params';
import { Stat, StatRow } from '#ui/stat';
import { Loading } from '#ui/states';
import { countedPages } from '#ui/table-bars';
import { useRawUrlState } from '#ui/url-state';
import { balance, type CallerLoad, listLoads, returnAll } from '../change.contract.ts';
import './share.css';
import { MoveModal } from './move-modal.tsx';
import { OwnedDrawer } from './owned-drawer.tsx';

const ALL = 'all';

/** 调整归属: who holds how much; reassign, balance, return all. A leader sees the own group. */
export function OwnershipPage() {
  const loads = useRoute(listLoads, undefined);
  const drawer = useDrawer();
  const [search, patch] = useRawUrlState();
  const group = textOf(search.group) || ALL;
  const items = (loads.data?.items ?? []).filter(({ groupId }) => group === ALL || groupId === group);
  const opened = items.find(({ userId }) => userId === drawer.id);
  const open = items.reduce((sum, caller) => sum + caller.open, 0);
  const most = items.filter(({ available }) => available).map((caller) => caller.open);
  return (
    <Page
      note="改派、收回、均衡、缺勤交回都要写原因，归属经过全部保留；通话中的考生等登记结果后再调整。"
      extra={
        <Space>
          <Select
            aria-label="小组"
            value={group}
            onChange={(next) => patch({ group: next === ALL ? undefined : next })}
            style={{ width: 160 }}
            options={[
              { value: ALL, label: loads.data?.wholeSeason ? '全部小组' : '本组' },
              ...(loads.data?.groups ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
          <Balance groupId={balanceGroup(group, loads.data)} />
        </Space>
      }
    >
      <ErrorNote error={loads.error} />
      {loads.isPending && <Loading rows={8} />}
      {loads.data && (
        <>
          <StatRow>
            <Stat label="回访员" value={items.length} unit="人" />
            <Stat label="在办" value={open} unit="名" />
            <Stat
              label="最少 / 最多"
              value={most.length ? `${Math.min(...most)} / ${Math.max(...most)}` : '—'}
              unit="名"
            />
            {loads.data.wholeSeason && <Stat label="池中（没有归属）" value={loads.data.pool} unit="名" />}
          </StatRow>
          <LoadTable items={items} onOpen={drawer.open} />
        </>
      )}
      {loads.data && <LinkedMove callers={loads.data.items} />}
      {opened && <OwnedDrawer caller={opened} others={loads.data?.items ?? []} onClose={drawer.close} />}
    </Page>
  );
}

/** Cases or candidates that another page chose: 改派 opens at once, closing it clears the address. */
function LinkedMove({ callers }: { readonly callers: readonly CallerLoad[] }) {
  const [search, patch] = useRawUrlState();
  const chosen = { caseIds: listOf(search.caseIds), candidateIds: listOf(search.candidateIds) };
  const clear = () => patch({ caseIds: undefined, candidateIds: undefined }, { replace: true });
  if (chosen.caseIds.length + chosen.candidateIds.length === 0) return null;
  return <MoveModal act="reassign" chosen={chosen} callers={callers} onClose={clear} onMoved={clear} />;
}

/** A leader balances the own group; the office one group or, with none chosen, the season. */
function balanceGroup(
  chosen: string,
  data: { groups: { id: string }[]; wholeSeason: boolean } | undefined,
): string | null {
  if (chosen !== ALL) return chosen;
  return data?.wholeSeason ? null : (data?.groups[0]?.id ?? null);
}

function LoadTable({
  items,
  onOpen,
}: {
  readonly items: readonly CallerLoad[];
  readonly onOpen: (id: string) => void;
}) {
  const most = Math.max(1, ...items.map(({ open }) => open));
  return (
    <div className="zz-list-card">
      <Table<CallerLoad>
        size="small"
        rowKey="userId"
        dataSource={[...items]}
        pagination={countedPages()}
        locale={{ emptyText: '还没有在办的回访员。' }}
        columns={[
          {
            title: '回访员',
            render: (_, row) => (
              <button type="button" className="zz-plain zz-identity" onClick={() => onOpen(row.userId)}>
                {row.name}
              </button>
            ),
          },
          { title: '小组', render: (_, row) => row.groupName ?? '未编组' },
          {
            title: '状态',
            render: (_, row) => <Tag color={row.available ? 'success' : 'warning'}>{stateOf(row)}</Tag>,
          },
          {
            title: '在办',
            align: 'right',
            sorter: (a, b) => a.open - b.open,
            render: (_, row) => formatCount(row.open),
          },
          {
            title: '在办对比',
            width: 180,
            render: (_, row) => (
              <div className="zz-share" aria-hidden>
                <i className="zz-share-new" style={{ width: `${(row.open / most) * 100}%` }} />
              </div>
            ),
          },
          { title: '没联系过', align: 'right', render: (_, row) => formatCount(row.untouched) },
          { title: '有约定', align: 'right', render: (_, row) => formatCount(row.scheduled) },
          { title: '已转交', align: 'right', render: (_, row) => formatCount(row.escalated) },
          { title: '上限', align: 'right', render: (_, row) => formatCount(row.cap) },
          { title: '操作', render: (_, row) => <ReturnAll caller={row} /> },
        ]}
      />
    </div>
  );
}

const stateOf = ({ available, calling }: CallerLoad): string =>
  calling ? '通话中' : available ? '可接' : '请假或停用';

function ReturnAll({ caller }: { readonly caller: CallerLoad }) {
  const { message } = App.useApp();
  const [asking, setAsking] = useState(false);
  const command = useCommand(returnAll, {
    onDone: ({ returned }) => void message.success(`已交回 ${returned} 名，本组组员现在就能取到。`),
  });
  return (
    <>
      <Button size="small" disabled={caller.open === 0} onClick={() => setAsking(true)}>
        全部交回
      </Button>
      <ReasonModal
        open={asking}
        onClose={() => setAsking(false)}
        title={`交回${caller.name}的全部在办`}
        consequence={`将把 ${formatCount(caller.open)} 名在办考生交回小组，其中 ${formatCount(caller.scheduled)} 名有约定的回拨；小组成员立即可以取到。`}
        usual={['请假', '缺勤', '退出回访']}
        confirmLabel="全部交回"
        onConfirm={(reason) => command.mutateAsync({ body: { userId: caller.userId, reason } })}
      />
    </>
  );
}

/** Asks first what would move, then why. */
function Balance({ groupId }: { readonly groupId: string | null }) {
  const { message } = App.useApp();
  const [plan, setPlan] = useState<number | null>(null);
  const [started, setStarted] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const command = useCommand(balance, {
    onDone: ({ moved }) => void message.success(`已移动 ${moved} 名，在办已均衡。`),
  });
  const ask = async (withStarted: boolean) => {
    setStarted(withStarted);
    setError(null);
    try {
      const body = { groupId, started: withStarted, dry: true, reason: '试算' };
      setPlan((await api(balance, { body })).moved);
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <>
      <Button onClick={() => void ask(false)}>均衡在办</Button>
      <ErrorNote error={error} />
      <ReasonModal
        open={plan !== null}
        onClose={() => setPlan(null)}
        title="均衡在办"
        consequence={
          <>
            {plan === 0
              ? '没有可以移动的考生：在办已经均衡，或者差的几名都联系过、有约定、在通话中或者是报备归属。'
              : `将移动 ${formatCount(plan)} 名考生，使可接的回访员在办相差不超过 1 名。通话中的和报备归属的不移动。`}
            <br />
            <label htmlFor="balance-started">
              <Switch id="balance-started" size="small" checked={started} onChange={(on) => void ask(on)} />{' '}
              联系过但没有约定的也移动
            </label>
          </>
        }
        usual={['有人请假', '进度不一', '新人加入']}
        confirmLabel="均衡"
        blocked={plan === 0}
        danger={false}
        onConfirm={(reason) => command.mutateAsync({ body: { groupId, started, dry: false, reason } })}
      />
    </>
  );
}
