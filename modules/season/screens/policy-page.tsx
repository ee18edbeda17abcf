import { App, Button, Segmented, Table, Tag } from 'antd';
import { useState } from 'react';
import { z } from 'zod';
import { ActionButton } from '#ui/action-button';
import { useCommand, useRoute } from '#ui/api';
import { useDrawer } from '#ui/detail-drawer';
import { ErrorNote } from '#ui/error-note';
import { formatCount, formatDateTime } from '#ui/format';
import { Page } from '#ui/page';
import { Stat, StatRow } from '#ui/stat';
import { Empty, Loading } from '#ui/states';
import { countedPages } from '#ui/table-bars';
import { useUrlState } from '#ui/url-state';
import { copyPolicies, listPolicies, type PolicyView } from '../policy.contract.ts';
import { provinceName } from '../rules.ts';
import { AddPolicies, FillFromProvince } from './policy-add.tsx';
import { PolicyBadge } from './policy-badge.tsx';
import { PolicyDrawer } from './policy-drawer.tsx';
import { useActiveSeason } from './use-season.tsx';

/** 各省政策: one line per province and batch, what is missing in words. Callers read it, the office edits it. */
export function PolicyPage() {
  const { season, error } = useActiveSeason();
  if (season) return <Policies seasonId={season.id} name={season.name} />;
  return (
    <Page>
      <ErrorNote error={error} />
      {season === undefined && !error && <Loading rows={8} />}
      {season === null && <Empty text="还没有招生季，请招办先到“设置 > 招生季”新建。" />}
    </Page>
  );
}

type View = '全部' | '有缺项' | '可退档' | '不可退档' | '屏蔽电话';
const VIEWS: Readonly<Record<View, (row: PolicyView) => boolean>> = {
  全部: () => true,
  有缺项: (row) => row.missing.length > 0,
  可退档: (row) => row.withdrawable === true,
  不可退档: (row) => row.withdrawable === false,
  屏蔽电话: (row) => row.phoneShielded === true,
};

const Address = z.object({
  view: z.enum(['有缺项', '可退档', '不可退档', '屏蔽电话']).optional().catch(undefined),
});

interface PoliciesProps {
  readonly seasonId: string;
  readonly name: string;
}

function Policies({ seasonId, name }: PoliciesProps) {
  const list = useRoute(listPolicies, { params: { seasonId } });
  const { message } = App.useApp();
  const [{ view }, patch] = useUrlState(Address);
  const [open, setOpen] = useState<'add' | 'province' | null>(null);
  const drawer = useDrawer();
  const copy = useCommand(copyPolicies, {
    onDone: ({ created, filled }) =>
      void message.success(`新建 ${created} 条，补齐 ${filled} 条；日期和计划数请按今年的填写。`),
  });
  const items = list.data?.items ?? [];
  const shown = items.filter(VIEWS[view ?? '全部']);
  const selected = items.find(({ id }) => id === drawer.id) ?? null;
  return (
    <Page
      note={`${name}。缺一项就不能放出该省该批次的考生。`}
      extra={
        <>
          <ActionButton
            can="policy.manage"
            loading={copy.isPending}
            onClick={() => copy.mutate({ params: { seasonId }, body: { source: 'last_season' } })}
          >
            沿用上一季
          </ActionButton>
          <ActionButton can="policy.manage" onClick={() => setOpen('province')}>
            按某省补齐
          </ActionButton>
          <ActionButton can="policy.manage" type="primary" onClick={() => setOpen('add')}>
            补录政策
          </ActionButton>
        </>
      }
    >
      <ErrorNote error={list.error ?? copy.error} />
      <Figures items={items} />
      <div className="zz-list-card">
        <div className="zz-toolbar">
          <Segmented<View>
            value={view ?? '全部'}
            onChange={(next) => patch({ view: next === '全部' ? undefined : next })}
            options={(Object.keys(VIEWS) as View[]).map((value) => ({
              value,
              label: `${value} ${items.filter(VIEWS[value]).length}`,
            }))}
          />
        </div>
        <PolicyTable rows={shown} loading={list.isPending} onOpen={drawer.open} />
      </div>
      {selected && (
        <PolicyDrawer
          key={`${selected.id} ${selected.version}`}
          seasonId={seasonId}
          policy={selected}
          onClose={drawer.close}
        />
      )}
      {open === 'add' && <AddPolicies seasonId={seasonId} existing={items} onClose={() => setOpen(null)} />}
      {open === 'province' && (
        <FillFromProvince seasonId={seasonId} existing={items} onClose={() => setOpen(null)} />
      )}
    </Page>
  );
}

function Figures({ items }: { readonly items: readonly PolicyView[] }) {
  if (items.length === 0) return null;
  const count = (test: (row: PolicyView) => boolean): number => items.filter(test).length;
  const blocked = count(VIEWS.有缺项);
  return (
    <StatRow>
      <Stat
        label="省份批次"
        value={items.length}
        unit="条"
        note={`${new Set(items.map((row) => row.provinceCode)).size} 个省份`}
      />
      <Stat
        label="有缺项，不能放出"
        value={blocked}
        unit="条"
        tone={blocked > 0 ? 'warn' : 'good'}
        note={blocked > 0 ? '点开逐项补齐' : '全部可以放出'}
      />
      <Stat label="可退档" value={count(VIEWS.可退档)} unit="条" />
      <Stat label="不可退档" value={count(VIEWS.不可退档)} unit="条" />
      <Stat label="屏蔽电话" value={count(VIEWS.屏蔽电话)} unit="条" note="其中可退档且非校考的交突击组" />
    </StatRow>
  );
}

const unknown = <span style={{ color: 'var(--ant-color-error)' }}>未填写</span>;
const yesNo = (value: boolean | null, yes: string, no: string) =>
  value === null ? unknown : value ? yes : no;

interface PolicyTableProps {
  readonly rows: readonly PolicyView[];
  readonly loading: boolean;
  readonly onOpen: (id: string) => void;
}

function PolicyTable({ rows, loading, onOpen }: PolicyTableProps) {
  const date = (at: number | null) => (at === null ? unknown : formatDateTime(at));
  return (
    <Table<PolicyView>
      size="middle"
      rowKey="id"
      loading={loading}
      dataSource={[...rows]}
      scroll={{ x: 1110 }}
      pagination={countedPages(50)}
      locale={{ emptyText: <Empty text="还没有政策。可以“沿用上一季”，或点“补录政策”选择省份和批次。" /> }}
      columns={[
        {
          title: '省份',
          fixed: 'left',
          width: 90,
          render: (_, row) => (
            <Button type="link" style={{ padding: 0 }} onClick={() => onOpen(row.id)}>
              {provinceName(row.provinceCode)}
              {row.districtCode && `（${row.districtCode}）`}
            </Button>
          ),
        },
        { title: '批次', dataIndex: 'batchName', width: 96 },
        {
          title: '能否退档',
          width: 100,
          render: (_, row) => <PolicyBadge withdrawable={row.withdrawable} />,
        },
        { title: '能否放出', width: 150, render: (_, row) => <ReleaseState row={row} /> },
        {
          title: '考生电话',
          width: 84,
          render: (_, row) =>
            row.phoneShielded ? <Tag color="warning">屏蔽</Tag> : yesNo(row.phoneShielded, '屏蔽', '不屏蔽'),
        },
        { title: '高考模式', width: 84, render: (_, row) => yesNo(row.newExam, '新高考', '传统高考') },
        {
          title: '计划数',
          width: 72,
          align: 'right',
          render: (_, row) => (row.seats === null ? unknown : formatCount(row.seats)),
        },
        { title: '批次结束', width: 128, render: (_, row) => date(row.batchEndsAt) },
        {
          title: '退档截止',
          width: 128,
          render: (_, row) => (row.withdrawable === false ? '不可退档' : date(row.withdrawalDeadlineAt)),
        },
        { title: '拨打时段', width: 98, render: (_, row) => `${row.callingFrom}–${row.callingUntil}` },
        { title: '回访考生', width: 84, align: 'right', render: (_, row) => formatCount(row.cases) },
      ]}
    />
  );
}

const SHORT = /还没有填写(.+?)，请到/;

/** Short on the line; the full sentences stand in the drawer. */
function ReleaseState({ row }: { readonly row: PolicyView }) {
  if (row.missing.length > 0) {
    const what = row.missing.map((sentence) => SHORT.exec(sentence)?.[1] ?? sentence);
    return <span style={{ color: 'var(--ant-color-error)' }}>{`缺：${what.join('、')}`}</span>;
  }
  return row.pastLines === 0 ? <span>可以放出（还没有往年分数线）</span> : <span>可以放出</span>;
}
