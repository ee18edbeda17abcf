import { useNavigate } from '@tanstack/react-router';
import { App, Descriptions } from 'antd';
import { useState } from 'react';
import { ActionButton } from '#ui/action-button';
import { useCommand, useRoute } from '#ui/api';
import { DetailDrawer } from '#ui/detail-drawer';
import { ErrorNote } from '#ui/error-note';
import { formatDateTime } from '#ui/format';
import { ReasonModal } from '#ui/reason-modal';
import { Loading } from '#ui/states';
import { TIER_LABELS } from '../consequence.rules.ts';
import { CASE_STATE_LABELS, DISPOSITION_LABELS } from '../contract.ts';
import {
  acceptEscalation,
  type EscalationDetailView,
  readEscalation,
  returnEscalation,
  workEscalation,
} from '../escalation.contract.ts';
import { ROUND_LABELS } from '../round.contract.ts';
import { EvidenceTable, Running } from './escalation-parts.tsx';
import { EscalationPassOn } from './escalation-pass-on.tsx';
import { PlaybookSteps } from './playbook-steps.tsx';
import { useWorkCommand } from './use-work.tsx';

interface DrawerProps {
  readonly id: string;
  readonly onClose: () => void;
  readonly onNext: (id: string) => void;
}

/** One hand-over: what is known, what was tried, what can be done. */
export function EscalationDrawer({ id, onClose, onNext }: DrawerProps) {
  const { data, error, refetch } = useRoute(readEscalation, { params: { id } });
  return (
    <DetailDrawer
      open
      onClose={onClose}
      size={820}
      title={data ? `${data.candidateName} · ${TIER_LABELS[data.tier]}` : '转交'}
      extra={data && <Running row={data} />}
      {...(data && {
        footer: <Acts detail={data} onNext={onNext} />,
        summary: <Summary detail={data} />,
        tabs: [
          {
            key: 'evidence',
            label: `联系记录 ${data.attempts}`,
            content: () => <EvidenceTable evidence={data.evidence} />,
          },
          { key: 'playbook', label: '联系不上的办法', content: () => <PlaybookSteps caseId={data.caseId} /> },
        ],
      })}
    >
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={6} />}
    </DetailDrawer>
  );
}

function Summary({ detail }: { readonly detail: EscalationDetailView }) {
  return (
    <Descriptions size="small" column={2}>
      <Descriptions.Item label="考生号">{detail.candidateNo}</Descriptions.Item>
      <Descriptions.Item label="原因">{detail.causeLabel}</Descriptions.Item>
      <Descriptions.Item label="现在负责">{detail.responsibleName}</Descriptions.Item>
      <Descriptions.Item label="回访负责人">
        {detail.ownerName ?? '未分派'}（{detail.groupName ?? '未编组'}）
      </Descriptions.Item>
      <Descriptions.Item label="状态">
        {CASE_STATE_LABELS[detail.caseState]} · {DISPOSITION_LABELS[detail.disposition]} ·{' '}
        {ROUND_LABELS[detail.round as keyof typeof ROUND_LABELS]}
      </Descriptions.Item>
      <Descriptions.Item label="办结期限">
        {detail.deadlineAt === null ? '未设' : formatDateTime(detail.deadlineAt)}
      </Descriptions.Item>
      <Descriptions.Item label="转出">
        {detail.fromName ?? '系统'} {formatDateTime(detail.openedAt)}
      </Descriptions.Item>
      <Descriptions.Item label="下次联系">
        {detail.dueAt === null ? '由接手人决定' : formatDateTime(detail.dueAt)}
      </Descriptions.Item>
      <Descriptions.Item label="情况" span={2}>
        {detail.summary}
      </Descriptions.Item>
      {detail.endNote !== null && (
        <Descriptions.Item label="结束说明" span={2}>
          {detail.endNote}
        </Descriptions.Item>
      )}
    </Descriptions>
  );
}

function Acts({
  detail,
  onNext,
}: {
  readonly detail: EscalationDetailView;
  readonly onNext: (id: string) => void;
}) {
  const { message } = App.useApp();
  const navigate = useNavigate();
  const [open, setOpen] = useState<'return' | 'pass_on' | null>(null);
  const params = { id: detail.id };
  const accept = useCommand(acceptEscalation, {
    onDone: () => void message.success('已接手，现在由您负责。'),
  });
  const giveBack = useCommand(returnEscalation, { onDone: () => void message.success('已退回原负责人。') });
  const work = useWorkCommand(workEscalation, () => void navigate({ to: '/queue' }));
  const say = (error: Error) => void message.error(error.message);
  const { acts } = detail;
  return (
    <div className="zz-page-extra">
      <ActionButton can="escalation.work" refused={acts.giveBack} onClick={() => setOpen('return')}>
        退回
      </ActionButton>
      <ActionButton can="escalation.work" refused={acts.passOn} onClick={() => setOpen('pass_on')}>
        转交下一级
      </ActionButton>
      <ActionButton
        can="queue.work"
        refused={acts.work}
        loading={work.isPending}
        onClick={() => work.mutate({ params }, { onError: say })}
      >
        拨打
      </ActionButton>
      <ActionButton
        type="primary"
        can="escalation.work"
        refused={acts.accept}
        loading={accept.isPending}
        onClick={() => accept.mutate({ params }, { onError: say })}
      >
        接手
      </ActionButton>
      <ReasonModal
        open={open === 'return'}
        onClose={() => setOpen(null)}
        title={`退回 ${detail.candidateName}`}
        reasonMin={5}
        consequence={`退给${detail.ownerName ?? '公共队列'}，立即可拨；原因会通知对方。`}
        usual={['还有号码没有打过，请继续拨打', '已找到新号码，请继续联系']}
        confirmLabel="退回"
        onConfirm={(reason) => giveBack.mutateAsync({ params, body: { reason } })}
      />
      {open === 'pass_on' && (
        <EscalationPassOn detail={detail} onClose={() => setOpen(null)} onDone={onNext} />
      )}
    </div>
  );
}
