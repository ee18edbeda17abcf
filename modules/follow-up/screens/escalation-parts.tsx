import { Table } from 'antd';
import { Countdown } from '#ui/countdown';
import { formatDateTime } from '#ui/format';
import { CHANNEL_LABELS, outcomeLabel } from '../contract.ts';
import type { EscalationDetailView, EscalationItem } from '../escalation.contract.ts';

/** The time that runs, and in words that it has run out. */
export function Running({ row }: { readonly row: EscalationItem }) {
  if (row.endedAt !== null) return <span className="zz-note">{formatDateTime(row.endedAt)} 结束</span>;
  const accepted = row.state === 'accepted';
  const to = accepted ? (row.resolveBy ?? row.acceptBy) : row.acceptBy;
  const word = accepted ? '办结' : '接手';
  if (row.late !== null)
    return (
      <b className="zz-over">
        {word}超时 <Countdown to={to} />
      </b>
    );
  return <Countdown to={to} label={`${word}还有`} />;
}

type Line = EscalationDetailView['evidence'][number];

/** What was tried, by number and channel, from the ledger. */
export function EvidenceTable({ evidence }: { readonly evidence: readonly Line[] }) {
  if (evidence.length === 0)
    return <p className="zz-note">还没有联系记录。没有记录的考生不能转突击组（没有号码的除外）。</p>;
  return (
    <Table<Line>
      size="small"
      pagination={false}
      rowKey={(line) => `${line.channel}/${line.masked ?? ''}`}
      dataSource={[...evidence]}
      columns={[
        {
          title: '方式',
          render: (_, line) => CHANNEL_LABELS[line.channel as keyof typeof CHANNEL_LABELS] ?? line.channel,
        },
        { title: '号码', render: (_, line) => line.masked ?? '—' },
        { title: '次数', align: 'right', render: (_, line) => line.outcomes.length },
        { title: '结果', render: (_, line) => line.outcomes.map(outcomeLabel).join('、') },
        { title: '第一次', render: (_, line) => formatDateTime(line.firstAt) },
        { title: '最近一次', render: (_, line) => formatDateTime(line.lastAt) },
      ]}
    />
  );
}
