import { Link } from '@tanstack/react-router';
import { Table, Tag } from 'antd';
import { CHANNEL_LABELS, outcomeLabel } from '#follow-up/contract';
import type { RouteReply } from '#platform/http/route';
import { useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatDateTime, formatDuration } from '#ui/format';
import { Stat, StatRow } from '#ui/stat';
import { Empty, Loading } from '#ui/states';
import { type CandidateFile, candidateContacts } from '../contract.ts';

type Contact = RouteReply<typeof candidateContacts>['items'][number];

/** 联系记录: the ledger, whatever the channel, newest first. */
export function ContactsTab({ file }: { readonly file: CandidateFile }) {
  const contacts = useRoute(candidateContacts, { params: { id: file.id } });
  if (contacts.error) return <ErrorNote error={contacts.error} onRetry={() => void contacts.refetch()} />;
  if (!contacts.data) return <Loading rows={5} />;
  const sum = (count: (one: CandidateFile['cases'][number]) => number) =>
    file.cases.reduce((total, one) => total + count(one), 0);
  return (
    <>
      <StatRow>
        <Stat label="接通" value={sum((one) => one.contacts)} unit="次" />
        <Stat label="尝试" value={sum((one) => one.attempts)} unit="次" />
        <Stat label="通话" value={Math.round(sum((one) => one.talkSeconds) / 60)} unit="分钟" />
      </StatRow>
      <p>
        <Link to="/follow-up/record" search={{ candidateId: file.id } as never}>
          更正结果、看流转经过、重新开放
        </Link>
      </p>
      <Table<Contact>
        size="small"
        rowKey="id"
        pagination={{ pageSize: 10, hideOnSinglePage: true, size: 'small' }}
        dataSource={[...contacts.data.items]}
        locale={{ emptyText: <Empty text="还没有联系记录。" /> }}
        expandable={{
          rowExpandable: (row) => row.note !== null || row.corrected.length > 0,
          expandedRowRender: (row) => <Detail row={row} />,
        }}
        columns={[
          { key: 't', title: '时间', render: (_, row) => formatDateTime(row.startedAt) },
          {
            key: 'c',
            title: '渠道',
            render: (_, row) => CHANNEL_LABELS[row.channel as keyof typeof CHANNEL_LABELS] ?? row.channel,
          },
          { key: 'p', title: '号码', render: (_, row) => row.phone ?? '—' },
          { key: 'o', title: '结果', render: (_, row) => <Outcome row={row} /> },
          {
            key: 'd',
            title: '时长',
            render: (_, row) => (row.talkSeconds > 0 ? formatDuration(row.talkSeconds) : '—'),
          },
          { key: 'u', title: '回访员', render: (_, row) => row.callerName },
        ]}
      />
    </>
  );
}

function Outcome({ row }: { readonly row: Contact }) {
  return (
    <>
      <Tag color={row.contact ? 'success' : 'default'}>{outcomeLabel(row.outcome)}</Tag>
      {row.incomplete && <Tag color="error">未填结果</Tag>}
      {row.corrected.length > 0 && <Tag>已更正</Tag>}
    </>
  );
}

function Detail({ row }: { readonly row: Contact }) {
  return (
    <>
      {row.note && <p>{row.note}</p>}
      {row.flagged.length > 0 && <p className="zz-note">提示用语：{row.flagged.join('、')}</p>}
      {row.corrected.map(({ reason, at, by }) => (
        <p key={at} className="zz-note">
          {formatDateTime(at)} {by} 更正：{reason}
        </p>
      ))}
    </>
  );
}
