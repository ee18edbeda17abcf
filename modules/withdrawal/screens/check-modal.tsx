import { Alert, App, Button, Checkbox, Input, Modal } from 'antd';
import { useState } from 'react';
import { urlOf, useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { useKeyBlock } from '#ui/keyboard';
import { NameWatermark } from '#ui/page';
import { CHECK_LABELS, checkWithdrawal, viewEvidence } from '../contract.ts';
import { CHECKS, type Check, type Checklist } from '../rules.ts';
import type { ActModalProps, RequestProps } from './act-props.tsx';

const REASON_MIN = 4;

/** The leader compares photo and file, tick by tick. */
export function CheckModal({ open, request, onClose }: ActModalProps) {
  const [photo, setPhoto] = useState<Photo>('loading');
  // The photo on the screen, whatever is uploaded meanwhile.
  const [uploadedAt] = useState(request.uploadedAt ?? 0);
  useKeyBlock(open);
  return (
    <Modal
      open={open}
      title={`核对材料　${request.candidateName}　${request.candidateNo}`}
      width={1040}
      footer={null}
      mask={{ closable: false }}
      destroyOnHidden
      onCancel={onClose}
    >
      <NameWatermark>
        <div className="zz-check-split">
          <figure className="zz-evidence">
            {photo === 'loading' && <p className="zz-note">正在打开材料照片……</p>}
            {photo === 'failed' ? (
              <Alert
                type="error"
                showIcon
                title="材料照片打不开：可能网络不通，或已到保存期限。看不到照片不能核对通过；请关闭后重试，仍不行就退回，请登记人重新上传。"
              />
            ) : (
              <img
                src={urlOf(viewEvidence, { params: { id: request.id } })}
                alt="退档材料：申请书、身份证、准考证"
                onLoad={() => setPhoto('shown')}
                onError={() => setPhoto('failed')}
              />
            )}
          </figure>
          <CheckForm request={request} photo={photo} uploadedAt={uploadedAt} onClose={onClose} />
        </div>
      </NameWatermark>
    </Modal>
  );
}

type Photo = 'loading' | 'shown' | 'failed';

interface CheckFormProps extends RequestProps {
  readonly photo: Photo;
  readonly uploadedAt: number;
  readonly onClose: () => void;
}

function CheckForm({ request, photo, uploadedAt, onClose }: CheckFormProps) {
  const { message } = App.useApp();
  const [ticked, setTicked] = useState<readonly Check[]>([]);
  const [reason, setReason] = useState('');
  const check = useCommand(checkWithdrawal, {
    renews: ['withdrawals', 'candidates', 'reports'],
    onDone: ({ state }) => {
      void message.success(state === 'checked' ? '核对通过，已交录检组办理' : '已退回，登记人会收到提醒');
      onClose();
    },
  });
  const checklist = Object.fromEntries(
    CHECKS.map((code) => [code, ticked.includes(code)]),
  ) as unknown as Checklist;
  const left = CHECKS.length - ticked.length;
  const give = (rejectReason?: string) =>
    check.mutate({
      params: { id: request.id },
      body: { checklist: { ...checklist }, uploadedAt, ...(rejectReason ? { rejectReason } : {}) },
    });
  return (
    <div>
      <Checkbox.Group
        value={[...ticked]}
        onChange={(next) => setTicked(CHECKS.filter((code) => next.includes(code)))}
        options={CHECKS.map((code) => ({ value: code, label: CHECK_LABELS[code] }))}
      />
      <div className="zz-page-extra zz-gap">
        <Button
          type="primary"
          disabled={left > 0 || photo !== 'shown'}
          loading={check.isPending}
          onClick={() => give()}
        >
          核对通过
        </Button>
        <span className="zz-note">
          {photo !== 'shown'
            ? '看到照片才能核对'
            : left > 0
              ? `还有 ${left} 项没有核对`
              : `${CHECKS.length} 项都核对了`}
        </span>
      </div>
      <h3>材料不符时退回</h3>
      <Input.TextArea
        aria-label="退回理由"
        value={reason}
        maxLength={500}
        autoSize={{ minRows: 2, maxRows: 5 }}
        placeholder="哪一项不符、要补什么；登记人会看到这句话"
        onChange={(event) => setReason(event.target.value)}
      />
      <div className="zz-page-extra zz-gap">
        <Button
          danger
          disabled={reason.trim().length < REASON_MIN}
          loading={check.isPending}
          onClick={() => give(reason.trim())}
        >
          退回
        </Button>
        <span className="zz-note">理由至少 {REASON_MIN} 个字。</span>
      </div>
      <ErrorNote error={check.error} />
    </div>
  );
}
