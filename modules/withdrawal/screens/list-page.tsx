import { useQuery } from '@tanstack/react-query';
import { Segmented } from 'antd';
import { z } from 'zod';
import { provinceName } from '#season/rules';
import { routeQuery } from '#ui/api';
import { Countdown } from '#ui/countdown';
import { useDrawer } from '#ui/detail-drawer';
import { formatCount, formatDateTime } from '#ui/format';
import { listQuery } from '#ui/list-state';
import { Page } from '#ui/page';
import { type QueryColumn, QueryTable } from '#ui/query-table';
import { Empty } from '#ui/states';
import { useUrlState } from '#ui/url-state';
import { listWithdrawals, REASON_LABELS, STATE_LABELS } from '../contract.ts';
import { WithdrawalDrawer } from './drawer.tsx';
import { isOpen, STATES, StateTag, type Withdrawal } from './words.tsx';

const REFRESH_MS = 30_000;
const ALL = 'all';
const Search = z.object({
  state: z
    .enum(['letter_sent', 'evidence_in', 'checked', 'executed', 'rejected', 'cancelled', 'lapsed'])
    .optional()
    .catch(undefined),
});

/** 退档申请: by state, newest first. */
export function WithdrawalPage() {
  const drawer = useDrawer();
  return (
    <Page note="考生本人签字才办理：登记 → 交材料 → 组长核对 → 录检组办理，三步由三个人经手。">
      <QueryTable<Withdrawal>
        id="withdrawals"
        source={(list) => listQuery(listWithdrawals, list)}
        rowKey={(row) => row.id}
        columns={columns}
        filters={[
          { name: 'q', label: '考生', kind: 'text', personal: true, placeholder: '姓名或考生号开头' },
          {
            name: 'state',
            label: '状态',
            kind: 'select',
            options: STATES.map((value) => ({ value, label: STATE_LABELS[value] })),
          },
        ]}
        toolbar={<StateCounts />}
        onOpen={(row) => drawer.open(row.id)}
        refetchInterval={REFRESH_MS}
        empty={<Empty text="没有退档申请。考生明确表示不来时，从考生档案或“我的录检”登记。" />}
      />
      {drawer.id && <WithdrawalDrawer id={drawer.id} onClose={drawer.close} />}
    </Page>
  );
}

/** How many stand in each state; one click shows them. */
function StateCounts() {
  const [{ state }, patch] = useUrlState(Search);
  const { data } = useQuery({
    ...routeQuery(listWithdrawals, { body: { limit: 1 } }),
    refetchInterval: REFRESH_MS,
  });
  const options = [
    { value: ALL, label: '全部' },
    ...STATES.map((value) => ({
      value,
      label: `${STATE_LABELS[value]} ${formatCount(data?.counts[value] ?? 0)}`,
    })),
  ];
  return (
    <Segmented
      aria-label="状态"
      options={options}
      value={state ?? ALL}
      onChange={(next) => patch({ state: Search.parse({ state: next }).state, ...{ cursor: undefined } })}
    />
  );
}

const columns: readonly QueryColumn<Withdrawal>[] = [
  {
    key: 'candidate',
    title: '考生',
    identity: true,
    render: (row) => `${row.candidateName}　${row.candidateNo}`,
  },
  { key: 'place', title: '省份批次', render: (row) => `${provinceName(row.provinceCode)} ${row.batchName}` },
  { key: 'state', title: '状态', render: (row) => <StateTag state={row.state} /> },
  {
    key: 'deadline',
    title: '退档截止',
    render: (row) =>
      row.deadlineAt !== null && isOpen(row.state) ? (
        <Countdown to={row.deadlineAt} />
      ) : (
        formatDateTime(row.deadlineAt)
      ),
  },
  { key: 'reason', title: '原因', render: (row) => REASON_LABELS[row.reasonCode] },
  { key: 'group', title: '小组', render: (row) => row.groupName ?? '未编组' },
  { key: 'asker', title: '登记人', render: (row) => row.requestedByName },
  { key: 'at', title: '登记时间', render: (row) => formatDateTime(row.requestedAt) },
];
