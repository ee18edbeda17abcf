import { Table, Tag } from 'antd';
import { useState } from 'react';
import { ActionButton } from '#ui/action-button';
import { formatDateTime, formatDuration } from '#ui/format';
import { CHANNEL_LABELS, outcomeLabel } from '../contract.ts';
import type { ContactData } from '../work.contract.ts';
import { CorrectModal } from './correct-modal.tsx';

/** The ledger of a candidate, newest first; the effective result of each contact, and the way to correct it. */
export function ContactTable({ items }: { readonly items: readonly ContactData[] }) {
  const [wrong, setWrong] = useState<ContactData | null>(null);
  return (
    <>
      <Table<ContactData>
        size="small"
        rowKey="attemptId"
        pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
        dataSource={[...items]}
        scroll={{ x: 1_000 }}
        locale={{ emptyText: '还没有人联系过这名考生。' }}
        columns={[
          { title: '时间', width: 140, render: (_, { at }) => formatDateTime(at) },
          {
            title: '方式',
            width: 104,
            render: (_, { channel, direction }) =>
              `${CHANNEL_LABELS[channel]}${direction === 'in' ? '（来电）' : ''}`,
          },
          { title: '号码', width: 120, render: (_, { masked }) => masked ?? '—' },
          { title: '结果', width: 150, render: (_, row) => <Result row={row} /> },
          {
            title: '时长',
            width: 92,
            render: (_, { talkSeconds }) => (talkSeconds > 0 ? formatDuration(talkSeconds) : '—'),
          },
          { title: '回访员', width: 76, render: (_, { callerName }) => callerName },
          { title: '备注', render: (_, { note }) => note ?? '—' },
          {
            title: '操作',
            width: 76,
            render: (_, row) => (
              <ActionButton
                size="small"
                type="link"
                can="queue.correct"
                refused={correctRefused(row)}
                onClick={() => setWrong(row)}
              >
                更正
              </ActionButton>
            ),
          },
        ]}
      />
      {wrong && <CorrectModal contact={wrong} onClose={() => setWrong(null)} />}
    </>
  );
}

function Result({ row: { outcome, undone, corrected } }: { readonly row: ContactData }) {
  return (
    <>
      <Tag color={outcome === 'incomplete' ? 'error' : 'default'}>{outcomeLabel(outcome)}</Tag>
      {undone && <Tag>已撤销</Tag>}
      {corrected && <Tag color="processing">已更正</Tag>}
    </>
  );
}

/** Why a contact cannot be corrected; null: it can. */
function correctRefused({ channel, undone, outcome }: ContactData): string | null {
  if (channel !== 'phone') return '短信、微信等登记不能更正，可以再登记一次并写明情况。';
  if (undone) return '这次结果当场已经撤销，不用更正。';
  return outcome === 'incomplete' ? '这一通还没有填结果，请由拨打的人在“我的录检”补填。' : null;
}
