import { Table, Tag } from 'antd';
import { useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatDateTime } from '#ui/format';
import { Section } from '#ui/page';
import { Stat, StatRow } from '#ui/stat';
import { Empty } from '#ui/states';
import { countedPages } from '#ui/table-bars';
import { accountReport, REPORT_LABELS } from '../contract.ts';
import { roleLabel, Tags } from './options.tsx';

const findings = Object.keys(REPORT_LABELS) as (keyof typeof REPORT_LABELS)[];

/** 账号检查: accounts that nobody uses, that end soon, or that several people seem to use. */
export function AccountReport() {
  const report = useRoute(accountReport);
  const items = report.data?.items ?? [];
  return (
    <>
      <ErrorNote error={report.error} onRetry={() => void report.refetch()} />
      <StatRow>
        {findings.map((finding) => {
          const count = items.filter((item) => item.finding === finding).length;
          return (
            <Stat
              key={finding}
              label={REPORT_LABELS[finding]}
              value={count}
              unit="个"
              tone={count > 0 ? 'warn' : 'plain'}
            />
          );
        })}
      </StatRow>
      <Section
        title={
          report.data
            ? `共检查 ${report.data.accounts} 个在用账号，${formatDateTime(report.data.checkedAt)}`
            : '正在检查'
        }
      >
        <Table
          size="small"
          rowKey={(row) => `${row.id} ${row.finding}`}
          loading={report.isPending}
          dataSource={items}
          pagination={countedPages()}
          locale={{ emptyText: <Empty text="没有发现问题。" /> }}
          columns={[
            { title: '姓名', dataIndex: 'name', width: 120 },
            { title: '账号', dataIndex: 'username', width: 140 },
            {
              title: '问题',
              dataIndex: 'finding',
              width: 180,
              render: (finding: keyof typeof REPORT_LABELS) => (
                <Tag color="warning">{REPORT_LABELS[finding]}</Tag>
              ),
            },
            { title: '说明', dataIndex: 'sentence' },
            {
              title: '角色',
              dataIndex: 'roles',
              render: (roles: string[]) => <Tags words={roles.map(roleLabel)} />,
            },
          ]}
        />
      </Section>
    </>
  );
}
