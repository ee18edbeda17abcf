import './withdrawal.css';
import { Link } from '@tanstack/react-router';
import { Alert, Descriptions, Steps } from 'antd';
import { provinceName } from '#season/rules';
import { useRoute } from '#ui/api';
import { Countdown } from '#ui/countdown';
import { DetailDrawer } from '#ui/detail-drawer';
import { ErrorNote } from '#ui/error-note';
import { formatDateTime } from '#ui/format';
import { Loading } from '#ui/states';
import { REASON_LABELS, readWithdrawal } from '../contract.ts';
import { DrawerActions } from './drawer-actions.tsx';
import { Papers } from './papers.tsx';
import { isOpen, StateTag, stepOf, type Withdrawal } from './words.tsx';

interface WithdrawalDrawerProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** One request: whom, until when, how far, the papers, and what one may do next. */
export function WithdrawalDrawer({ id, onClose }: WithdrawalDrawerProps) {
  const { data, error, refetch } = useRoute(readWithdrawal, { params: { id } });
  if (!data) {
    return (
      <DetailDrawer open onClose={onClose} title="退档申请">
        {error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Loading rows={10} />}
      </DetailDrawer>
    );
  }
  return (
    <DetailDrawer
      open
      onClose={onClose}
      size={760}
      title={
        <>
          {data.candidateName}　{data.candidateNo} <StateTag state={data.state} />
        </>
      }
      footer={<DrawerActions request={data} />}
    >
      <Progress request={data} />
      {data.barredBecause && <Alert type="warning" showIcon title={data.barredBecause} />}
      {data.rejectedReason && (
        <Alert
          type="error"
          showIcon
          title={`${ENDED_BY[data.state] ?? '退回理由'}：${data.rejectedReason}`}
        />
      )}
      <Facts request={data} />
      <Papers request={data} />
    </DetailDrawer>
  );
}

const ENDED_BY: Readonly<Partial<Record<Withdrawal['state'], string>>> = {
  cancelled: '撤回理由',
  lapsed: '没有办成',
};

function Progress({ request }: { readonly request: Withdrawal }) {
  const who = (name: string | null, at: number | null) => (name ? `${name} ${formatDateTime(at)}` : '—');
  return (
    <Steps
      size="small"
      current={stepOf(request.state)}
      status={request.state === 'rejected' ? 'error' : isOpen(request.state) ? 'process' : 'finish'}
      items={[
        { title: '登记', content: who(request.requestedByName, request.requestedAt) },
        { title: '材料', content: who(request.uploadedByName, request.uploadedAt) },
        { title: '核对', content: who(request.checkedByName, request.checkedAt) },
        { title: '办理', content: who(request.executedByName, request.executedAt) },
      ]}
    />
  );
}

function Facts({ request }: { readonly request: Withdrawal }) {
  return (
    <Descriptions
      size="small"
      column={2}
      bordered
      items={[
        {
          key: 'place',
          label: '省份批次',
          children: `${provinceName(request.provinceCode)} ${request.batchName}`,
        },
        {
          key: 'deadline',
          label: '退档截止',
          children:
            request.deadlineAt === null ? (
              '没有设截止时间'
            ) : (
              <>
                {formatDateTime(request.deadlineAt)}{' '}
                {isOpen(request.state) && <Countdown to={request.deadlineAt} />}
              </>
            ),
        },
        { key: 'reason', label: '原因', children: REASON_LABELS[request.reasonCode] },
        { key: 'group', label: '小组', children: request.groupName ?? '未编组' },
        { key: 'text', label: '考生的说法', span: 2, children: request.reasonText || '没有另外说明' },
        {
          key: 'file',
          label: '考生档案',
          span: 2,
          children: (
            <Link to="/candidates" search={{ open: request.candidateId } as never}>
              打开档案和联系记录
            </Link>
          ),
        },
      ]}
    />
  );
}
