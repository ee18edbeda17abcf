import './check.css';
import { Link } from '@tanstack/react-router';
import { Segmented, Table, Tag } from 'antd';
import { z } from 'zod';
import { stageLabel } from '#season/contract';
import { type Phase, provinceName, type Round } from '#season/rules';
import { useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatCount } from '#ui/format';
import { Page } from '#ui/page';
import { cleanSearch } from '#ui/search-params';
import { Stat, StatRow } from '#ui/stat';
import { Empty, Loading } from '#ui/states';
import { countedPages } from '#ui/table-bars';
import { useUrlState } from '#ui/url-state';
import { type PlaceCheck, releaseChecks } from '../check.contract.ts';
import type { CheckCode } from '../check.rules.ts';

const VIEWS = { all: '全部', blocked: '不能放出', notes: '可以放出，有提醒', ready: '齐备' } as const;
type View = keyof typeof VIEWS;
const Address = z.object({ view: z.enum(['all', 'blocked', 'notes', 'ready']).catch('all') });

const viewOf = ({ checks }: PlaceCheck): View => {
  if (checks.some(({ blocks }) => blocks)) return 'blocked';
  return checks.length > 0 ? 'notes' : 'ready';
};

/** 放出检查: everything that still stands in the way of a release, each with the page where it is put right. */
export function CheckPage() {
  const [{ view }, patch] = useUrlState(Address);
  const list = useRoute(releaseChecks, undefined);
  const items = list.data?.items ?? [];
  const of = (wanted: View) => items.filter((item) => wanted === 'all' || viewOf(item) === wanted);
  const stage = list.data?.stage;
  return (
    <Page
      note={
        stage
          ? `当前阶段：${stageLabel({ phase: stage.phase as Phase, round: stage.round as Round })}。红色的补齐以前不能放出，其余是回访员通话时会缺的。`
          : undefined
      }
      extra={<Link to="/admission/release">去分配与放出</Link>}
    >
      <ErrorNote error={list.error} onRetry={() => void list.refetch()} />
      {list.isPending && <Loading rows={8} />}
      {list.data && !stage && <Empty text="还没有招生季，请招办先到“设置 > 招生季”新建。" />}
      {list.data && stage && (
        <>
          <Figures items={items} callers={list.data.callers} room={list.data.room} />
          <div className="zz-list-card">
            <div className="zz-toolbar">
              <Segmented<View>
                value={view}
                onChange={(next) => patch({ view: next === 'all' ? undefined : next }, { replace: true })}
                options={(Object.keys(VIEWS) as View[]).map((value) => ({
                  value,
                  label: `${VIEWS[value]} ${of(value).length}`,
                }))}
              />
            </div>
            <CheckTable rows={of(view)} />
          </div>
        </>
      )}
    </Page>
  );
}

interface FiguresProps {
  readonly items: readonly PlaceCheck[];
  readonly callers: number;
  readonly room: number;
}

function Figures({ items, callers, room }: FiguresProps) {
  const waiting = (rows: readonly PlaceCheck[]) => rows.reduce((sum, row) => sum + row.waiting, 0);
  const blocked = items.filter((item) => viewOf(item) === 'blocked');
  const all = waiting(items);
  return (
    <StatRow>
      <Stat label="待放出" value={all} unit="名" note={`${items.length} 个省份批次`} />
      <Stat
        label="其中不能放出"
        value={waiting(blocked)}
        unit="名"
        tone={waiting(blocked) > 0 ? 'warn' : 'good'}
        note={blocked.length > 0 ? `${blocked.length} 个省份批次缺政策` : '政策都已填齐'}
      />
      <Stat label="可分配回访员" value={callers} unit="人" tone={callers === 0 ? 'warn' : 'plain'} />
      <Stat
        label="他们还能接"
        value={room}
        unit="名"
        tone={room < all ? 'warn' : 'plain'}
        note={room < all ? `比待放出少 ${formatCount(all - room)} 名，可提高上限或分批放出` : undefined}
      />
    </StatRow>
  );
}

function CheckTable({ rows }: { readonly rows: readonly PlaceCheck[] }) {
  return (
    <Table<PlaceCheck>
      size="middle"
      rowKey={({ provinceCode, batchId }) => `${provinceCode}/${batchId}`}
      dataSource={[...rows]}
      pagination={countedPages(50)}
      locale={{
        emptyText: (
          <Empty
            text="这里没有省份批次。导入投档文件后自动出现。"
            action={<Link to="/imports">去导入</Link>}
          />
        ),
      }}
      columns={[
        { title: '省份', width: 90, render: (_, row) => provinceName(row.provinceCode) },
        { title: '批次', width: 130, dataIndex: 'batchName' },
        { title: '考生', width: 80, align: 'right', render: (_, row) => formatCount(row.candidates) },
        { title: '已放出', width: 80, align: 'right', render: (_, row) => formatCount(row.released) },
        { title: '待放出', width: 80, align: 'right', render: (_, row) => formatCount(row.waiting) },
        { title: '结论', width: 110, render: (_, row) => <Verdict row={row} /> },
        { title: '还缺什么，去哪里补', render: (_, row) => <Checks row={row} /> },
      ]}
    />
  );
}

function Verdict({ row }: { readonly row: PlaceCheck }) {
  const view = viewOf(row);
  if (view === 'blocked') return <Tag color="error">不能放出</Tag>;
  return <Tag color="success">{view === 'ready' ? '齐备' : '可以放出'}</Tag>;
}

function Checks({ row }: { readonly row: PlaceCheck }) {
  if (row.checks.length === 0) return <span className="zz-note">没有缺项</span>;
  return (
    <ul className="zz-checks">
      {row.checks.map(({ code, blocks, text }) => {
        const { label, to, search } = FIX[code](row);
        return (
          <li key={text} className={blocks ? 'zz-check-blocks' : undefined}>
            <span>{text}</span>
            <Link to={to as never} search={cleanSearch(search) as never}>
              {label}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

interface Fix {
  readonly label: string;
  readonly to: string;
  readonly search: Readonly<Record<string, unknown>>;
}

const policyFix = ({ policyId }: PlaceCheck): Fix => ({
  label: policyId ? '填写政策' : '补录政策',
  to: '/settings/policies',
  search: { open: policyId },
});

/** Where each finding is put right. */
const FIX: Readonly<Record<CheckCode, (row: PlaceCheck) => Fix>> = {
  policy: policyFix,
  deadline_past: policyFix,
  script: () => ({ label: '看话术', to: '/settings/scripts', search: {} }),
  major: ({ provinceCode, batchId }) => ({
    label: '填写专业代号',
    to: '/settings/season',
    search: { tab: 'codes', province: provinceCode, batch: batchId },
  }),
  phone: ({ provinceCode, batchId }) => ({
    label: '看名单',
    to: '/candidates',
    search: { province: provinceCode, batch: batchId, missing: 'phone' },
  }),
  line: ({ provinceCode }) => ({
    label: '录入分数线',
    to: '/settings/season',
    search: { tab: 'lines', province: provinceCode },
  }),
};
