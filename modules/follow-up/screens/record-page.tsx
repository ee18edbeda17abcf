import { Link } from '@tanstack/react-router';
import { Alert, Table, Tag } from 'antd';
import { useState } from 'react';
import { z } from 'zod';
import { candidateFile } from '#candidate/contract';
import { PHASE_LABELS, ROUND_LABELS } from '#season/contract';
import { ActionButton } from '#ui/action-button';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatDateTime, formatDuration } from '#ui/format';
import { Page, Section } from '#ui/page';
import { ReasonModal } from '#ui/reason-modal';
import { Empty, Loading } from '#ui/states';
import { useUrlState } from '#ui/url-state';
import { contactsRoute, reopenRoute } from '../case.contract.ts';
import { CASE_STATE_LABELS, DISPOSITION_LABELS } from '../contract.ts';
import { CaseJournal } from './case-journal.tsx';
import { ContactTable } from './contact-table.tsx';
import { type CaseLine, RESULT_LABELS, reopenRefused } from './record-words.ts';

const Search = z.object({ candidateId: z.uuid().optional().catch(undefined) });

/** 联系记录: everything that was done about one candidate; a wrong result is corrected here, a stopped follow-up opened again. */
export function RecordPage() {
  const [{ candidateId }] = useUrlState(Search);
  if (!candidateId)
    return (
      <Page>
        <Empty
          text="还没有选考生：请从考生档案的“联系记录”进来。"
          action={<Link to="/candidates">打开考生列表</Link>}
        />
      </Page>
    );
  return <Record key={candidateId} candidateId={candidateId} />;
}

function Record({ candidateId }: { readonly candidateId: string }) {
  const file = useRoute(candidateFile, { params: { id: candidateId } });
  const { data, error, refetch } = useRoute(contactsRoute, { params: { candidateId } });
  const name = file.data ? `${file.data.name}　${file.data.candidateNo}` : '联系记录';
  return (
    <Page
      title={name}
      note="记录只能更正，不能删改：更正要写原因，原来的结果和更正人一并保留。"
      extra={
        <Link to="/candidates" search={{ open: candidateId } as never}>
          考生档案
        </Link>
      }
    >
      <ErrorNote error={error} onRetry={() => void refetch()} />
      {!data && !error && <Loading rows={8} />}
      {data && (
        <>
          <Section title="回访任务">
            <Cases cases={data.cases} />
          </Section>
          <Section title={`联系 ${data.items.length}${data.next ? '+' : ''} 次`}>
            {data.next && <Alert type="info" showIcon title="只列出最近的 50 次联系。" />}
            <ContactTable items={data.items} />
          </Section>
        </>
      )}
    </Page>
  );
}

function Cases({ cases }: { readonly cases: readonly CaseLine[] }) {
  const [opened, setOpened] = useState<CaseLine | null>(null);
  return (
    <>
      <Table<CaseLine>
        size="small"
        rowKey="caseId"
        pagination={false}
        dataSource={[...cases]}
        scroll={{ x: 'max-content' }}
        expandable={{ expandedRowRender: ({ caseId }) => <CaseJournal caseId={caseId} /> }}
        columns={[
          {
            title: '阶段',
            render: (_, { phase, round }) =>
              `${PHASE_LABELS[phase as keyof typeof PHASE_LABELS] ?? phase} · ${ROUND_LABELS[round as keyof typeof ROUND_LABELS] ?? round}`,
          },
          {
            title: '状态',
            render: (_, { state, disposition, result }) => (
              <>
                <Tag color={state === 'final' ? 'success' : state === 'blocked' ? 'warning' : 'processing'}>
                  {CASE_STATE_LABELS[state]}
                </Tag>{' '}
                {result === null ? DISPOSITION_LABELS[disposition] : (RESULT_LABELS[result] ?? result)}
              </>
            ),
          },
          {
            title: '负责人',
            render: (_, { ownerName, groupName }) => `${ownerName ?? '未分派'}（${groupName ?? '未编组'}）`,
          },
          { title: '联系 / 接通', render: (_, { attempts, contacts }) => `${attempts} / ${contacts}` },
          { title: '通话', render: (_, { talkSeconds }) => formatDuration(talkSeconds) },
          { title: '下次联系', render: (_, { dueAt }) => formatDateTime(dueAt) },
          {
            title: '操作',
            render: (_, row) => (
              <ActionButton
                size="small"
                can="case.reopen"
                refused={reopenRefused(row)}
                onClick={() => setOpened(row)}
              >
                重新开放
              </ActionButton>
            ),
          },
        ]}
      />
      {opened && <Reopen row={opened} onClose={() => setOpened(null)} />}
    </>
  );
}

/** 招办 and 督查 open a stopped follow-up again, with a reason. */
function Reopen({ row, onClose }: { readonly row: CaseLine; readonly onClose: () => void }) {
  const reopen = useCommand(reopenRoute, { renews: ['follow-up', 'candidates', 'decisions'] });
  return (
    <ReasonModal
      open
      onClose={onClose}
      title="重新开放回访"
      consequence={`这 1 个回访任务重新开放，${row.ownerName ?? '公共队列'}立即可拨；原来的结果和联系记录保留，原因记入日志。`}
      usual={['结果登记有误', '考生主动来电，情况有变', '信息核对后需要再联系']}
      confirmLabel="重新开放"
      danger={false}
      onConfirm={(reason) => reopen.mutateAsync({ params: { caseId: row.caseId }, body: { reason } })}
    />
  );
}
