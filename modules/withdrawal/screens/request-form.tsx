import './withdrawal.css';
import { Link } from '@tanstack/react-router';
import { Alert, Button, Form, Input, Radio, Tag } from 'antd';
import { useState } from 'react';
import { ActionButton } from '#ui/action-button';
import { useCommand, useRoute } from '#ui/api';
import { Countdown } from '#ui/countdown';
import { ErrorNote } from '#ui/error-note';
import { formatDateTime } from '#ui/format';
import { Loading } from '#ui/states';
import { REASON_LABELS, requestWithdrawal, withdrawalChance } from '../contract.ts';
import { REASON_CODES, type ReasonCode } from '../rules.ts';
import { LetterPreview } from './letter-preview.tsx';

export interface RequestFormProps {
  readonly caseId: string;
  /** Called with the new request. */
  readonly onDone: (withdrawalId: string) => void;
}

/** Registers the candidate's wish: says first whether the province allows it and until when. */
export function RequestForm({ caseId, onDone }: RequestFormProps) {
  const { data, error, refetch } = useRoute(withdrawalChance, { params: { caseId } });
  const [reasonCode, setReasonCode] = useState<ReasonCode | null>(null);
  const [reasonText, setReasonText] = useState('');
  const [looking, setLooking] = useState(false);
  const request = useCommand(requestWithdrawal, {
    renews: ['withdrawals', 'candidates', 'queue'],
    onDone: ({ id }) => onDone(id),
  });
  if (error) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading rows={8} />;
  const refused = data.barredBecause ?? missingWords(reasonCode, reasonText);
  return (
    <div className="zz-papers zz-request-form">
      <Chance chance={data} />
      <Form layout="vertical">
        <Form.Item label="考生说的原因" required>
          <Radio.Group
            aria-label="考生说的原因"
            value={reasonCode}
            onChange={(event) => setReasonCode(event.target.value as ReasonCode)}
            options={REASON_CODES.map((value) => ({ value, label: REASON_LABELS[value] }))}
          />
        </Form.Item>
        <Form.Item
          label="考生的说法"
          required={reasonCode === 'other'}
          extra="用考生自己的话写，不评价、不劝说。"
        >
          <Input.TextArea
            aria-label="考生的说法"
            value={reasonText}
            maxLength={500}
            showCount
            autoSize={{ minRows: 2, maxRows: 6 }}
            onChange={(event) => setReasonText(event.target.value)}
          />
        </Form.Item>
      </Form>
      <p className="zz-note">
        登记后生成申请书（PDF）。考生和家长签字、拍照上传、组长核对、录检组办理以后才算退档；只登记不会改变录取状态。
      </p>
      <ErrorNote error={request.error} />
      <div className="zz-page-extra">
        <ActionButton
          type="primary"
          can="withdrawal.request"
          refused={refused}
          loading={request.isPending}
          onClick={() =>
            reasonCode && request.mutate({ body: { caseId, reasonCode, reasonText: reasonText.trim() } })
          }
        >
          登记并生成申请书
        </ActionButton>
        <Button disabled={data.barredBecause !== null} onClick={() => setLooking(true)}>
          先看看申请书
        </Button>
      </div>
      {looking && <LetterPreview caseId={caseId} onClose={() => setLooking(false)} />}
    </div>
  );
}

function missingWords(code: ReasonCode | null, text: string): string | null {
  if (code === null) return '请选考生说的原因。';
  return code === 'other' && text.trim() === '' ? '原因选了“其他”，请用一句话写明考生的说法。' : null;
}

type ChanceView = NonNullable<ReturnType<typeof useRoute<typeof withdrawalChance>>['data']>;

function Chance({ chance }: { readonly chance: ChanceView }) {
  return (
    <>
      <div className="zz-page-extra">
        <strong>
          {chance.candidateName}　{chance.candidateNo}
        </strong>
        <span>
          {chance.provinceName} {chance.batchName}
        </span>
        {chance.withdrawable !== null && (
          <Tag color={chance.withdrawable ? '#0958d9' : '#722ed1'} variant="solid">
            {chance.withdrawable ? '可退档' : '不可退档'}
          </Tag>
        )}
        {chance.withdrawable && chance.deadlineAt !== null && (
          <span>
            截止 {formatDateTime(chance.deadlineAt)} <Countdown to={chance.deadlineAt} />
          </span>
        )}
      </div>
      {chance.barredBecause && (
        <Alert
          type="warning"
          showIcon
          title={chance.barredBecause}
          {...(chance.openId
            ? {
                action: (
                  <Link to="/withdrawals" search={{ open: chance.openId } as never}>
                    打开申请
                  </Link>
                ),
              }
            : {})}
        />
      )}
    </>
  );
}
