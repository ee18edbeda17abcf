import { App, Tag } from 'antd';
import { useState } from 'react';
import { ActionButton } from '#ui/action-button';
import { useCommand } from '#ui/api';
import { formatDateTime } from '#ui/format';
import { listQuery } from '#ui/list-state';
import { Page } from '#ui/page';
import { QueryTable } from '#ui/query-table';
import { ReasonModal } from '#ui/reason-modal';
import { useCan } from '#ui/session';
import {
  DISPUTE_SENTENCES,
  LEAD_STATE_LABELS,
  type LeadRow,
  listLeads,
  settleLead,
  voidLead,
} from '../lead.contract.ts';
import { LEAD_STATES } from '../lead.rules.ts';
import { LeadForm } from './lead-form.tsx';
import { LeadImport } from './lead-import.tsx';

const colours = { open: 'processing', matched: 'success', disputed: 'warning', void: 'default' } as const;

/** 报备: own registrations; for the office all of them, with disputes to settle. */
export function LeadPage() {
  const manages = useCan('lead.manage');
  const [open, setOpen] = useState<'form' | 'import' | null>(null);
  const [act, setAct] = useState<{ kind: 'void' | 'accept' | 'keep'; lead: LeadRow } | null>(null);
  return (
    <Page
      note="谁报备谁回访，首个有效报备优先；投档名单到校后自动匹配。"
      extra={
        <>
          <ActionButton can="lead.manage" onClick={() => setOpen('import')}>
            导入报备表
          </ActionButton>
          <ActionButton can="lead.register" type="primary" onClick={() => setOpen('form')}>
            报备一名
          </ActionButton>
        </>
      }
    >
      <QueryTable<LeadRow>
        id="leads"
        source={(list) => listQuery(listLeads, list)}
        rowKey={({ id }) => id}
        filters={[
          {
            name: 'state',
            label: '状态',
            kind: 'multi',
            options: LEAD_STATES.map((value) => ({ value, label: LEAD_STATE_LABELS[value] })),
          },
          ...(manages ? [{ name: 'recruiter', label: '报备人', kind: 'text', personal: true } as const] : []),
        ]}
        columns={[
          { key: 'name', title: '意向考生', identity: true, render: (row) => row.name },
          { key: 'no', title: '考生号', render: (row) => row.candidateNo ?? '—' },
          { key: 'phone', title: '电话', render: (row) => row.phoneMasked ?? '—' },
          { key: 'recruiter', title: '报备人', render: (row) => row.recruiterName },
          { key: 'source', title: '来源', render: (row) => row.source },
          { key: 'at', title: '报备时间', render: (row) => formatDateTime(row.registeredAt) },
          {
            key: 'state',
            title: '状态',
            render: ({ state }) => <Tag color={colours[state]}>{LEAD_STATE_LABELS[state]}</Tag>,
          },
          { key: 'why', title: '说明', render: (row) => explain(row) },
        ]}
        {...(manages
          ? {
              actions: (lead: LeadRow) => [
                ...(lead.state === 'disputed'
                  ? [
                      { key: 'accept', label: '归此人', run: () => setAct({ kind: 'accept', lead }) },
                      { key: 'keep', label: '维持原归属', run: () => setAct({ kind: 'keep', lead }) },
                    ]
                  : []),
                {
                  key: 'void',
                  label: '作废',
                  run: () => setAct({ kind: 'void', lead }),
                  ...(lead.state === 'void' ? { refused: '已经作废。' } : {}),
                },
              ],
            }
          : {})}
        empty="还没有报备。认识有意向报考的考生，在投档以前点“报备一名”，投档后由您回访。"
      />
      <LeadForm open={open === 'form'} onClose={() => setOpen(null)} />
      <LeadImport open={open === 'import'} onClose={() => setOpen(null)} />
      <LeadAct act={act} onClose={() => setAct(null)} />
    </Page>
  );
}

function explain(row: LeadRow): string {
  if (row.state === 'void') return row.voidReason ?? '';
  if (row.dispute !== null)
    return `${DISPUTE_SENTENCES[row.dispute]}${row.holderName ? `（现归${row.holderName}）` : ''}`;
  if (row.state === 'matched') return row.settleReason ? `裁定：${row.settleReason}` : '投档名单中有此考生';
  return row.settleReason ? `裁定：${row.settleReason}；等待投档名单` : '等待投档名单';
}

interface LeadActProps {
  readonly act: { kind: 'void' | 'accept' | 'keep'; lead: LeadRow } | null;
  readonly onClose: () => void;
}

const words = { void: '作废', accept: '归此人', keep: '维持原归属' } as const;

function LeadAct({ act, onClose }: LeadActProps) {
  const { message } = App.useApp();
  const onDone = () => void message.success('已记录。');
  const discard = useCommand(voidLead, { onDone });
  const settle = useCommand(settleLead, { onDone });
  const kind = act?.kind ?? 'void';
  const params = { id: act?.lead.id ?? '' };
  const consequence = {
    void: `${act?.lead.recruiterName ?? ''}的这条报备作废，不再参与分配。`,
    accept: `考生归${act?.lead.recruiterName ?? ''}回访，${act?.lead.holderName ? `${act.lead.holderName}的报备作废。` : '之后分配时优先给此人。'}投档名单已到校的立即生效，未到的等名单匹配；已经放出的任务请到“团队 > 调整归属”改派。`,
    keep: `${act?.lead.recruiterName ?? ''}的这条报备不成立并作废，原归属不变。`,
  }[kind];
  return (
    <ReasonModal
      open={act !== null}
      onClose={onClose}
      title={`${words[kind]}：${act?.lead.name ?? ''}`}
      consequence={consequence}
      confirmLabel={words[kind]}
      danger={kind !== 'accept'}
      onConfirm={(reason) =>
        kind === 'void'
          ? discard.mutateAsync({ params, body: { reason } })
          : settle.mutateAsync({ params, body: { accept: kind === 'accept', reason } })
      }
    />
  );
}
