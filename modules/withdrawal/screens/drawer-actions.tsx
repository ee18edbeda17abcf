import { App, Button, Modal } from 'antd';
import { useState } from 'react';
import { ActionButton } from '#ui/action-button';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { useKeyBlock } from '#ui/keyboard';
import { ReasonModal } from '#ui/reason-modal';
import { cancelWithdrawal, executeWithdrawal, STATE_LABELS, sendBackWithdrawal } from '../contract.ts';
import type { ActModalProps, RequestProps } from './act-props.tsx';
import { CheckModal } from './check-modal.tsx';
import { checkRefused, executeRefused, isOpen } from './words.tsx';
import { WrongfulModal } from './wrongful-modal.tsx';

/** As the routes ask. */
const REASON_MIN = 4;

type Act = 'check' | 'execute' | 'send_back' | 'cancel' | 'wrongful';

/** What can be done with a request; a dead button says why. */
export function DrawerActions({ request }: RequestProps) {
  const [act, setAct] = useState<Act | null>(null);
  const close = () => setAct(null);
  const { state } = request;
  const ended = isOpen(state) ? null : `这份申请现在是“${STATE_LABELS[state]}”，不能再撤回。`;
  const wrongful = state === 'executed' ? null : '只有已办理的退档才会误退。';
  return (
    <div className="zz-page-extra">
      <ActionButton
        type={state === 'checked' ? 'default' : 'primary'}
        can="withdrawal.check"
        refused={checkRefused(request)}
        onClick={() => setAct('check')}
      >
        核对材料
      </ActionButton>
      <ActionButton
        type={state === 'checked' ? 'primary' : 'default'}
        can="withdrawal.execute"
        refused={executeRefused(request)}
        onClick={() => setAct('execute')}
      >
        办理退档
      </ActionButton>
      <ActionButton can="withdrawal.request" refused={ended} onClick={() => setAct('cancel')}>
        撤回申请
      </ActionButton>
      <ActionButton can="withdrawal.report_wrongful" refused={wrongful} onClick={() => setAct('wrongful')}>
        报告误退
      </ActionButton>
      {act === 'check' && <CheckModal open request={request} onClose={close} />}
      <ExecuteModal
        open={act === 'execute'}
        request={request}
        onClose={close}
        onSendBack={() => setAct('send_back')}
      />
      <SendBackModal open={act === 'send_back'} request={request} onClose={close} />
      <CancelModal open={act === 'cancel'} request={request} onClose={close} />
      <WrongfulModal open={act === 'wrongful'} request={request} onClose={close} />
    </div>
  );
}

/** The last step: says what happens; the platform asks for a fresh code. */
function ExecuteModal({
  open,
  request,
  onClose,
  onSendBack,
}: ActModalProps & { readonly onSendBack: () => void }) {
  const { message } = App.useApp();
  useKeyBlock(open);
  const execute = useCommand(executeWithdrawal, {
    renews: ['withdrawals', 'candidates', 'reports'],
    onDone: () => {
      void message.success('退档已办理');
      onClose();
    },
  });
  return (
    <Modal
      open={open}
      title="办理退档"
      okText="办理退档"
      okButtonProps={{ danger: true }}
      confirmLoading={execute.isPending}
      mask={{ closable: false }}
      destroyOnHidden
      onCancel={onClose}
      onOk={() => execute.mutate({ params: { id: request.id } })}
    >
      <p className="zz-consequence">
        将为考生号 {request.candidateNo} 的 1 名考生（{request.candidateName}
        ）办理退档：结果定为“已退档”，回访任务结束，不再拨打，也不能撤回。
      </p>
      <p className="zz-note">
        由 {request.checkedByName}{' '}
        核对通过。办理前请打开材料照片再看一遍；办理时要再输入一次动态口令，登记人会收到提醒。
      </p>
      <Button type="link" danger onClick={onSendBack}>
        材料不符，退回登记人……
      </Button>
      <ErrorNote error={execute.error} />
    </Modal>
  );
}

/** Before it is carried out the clerk sees that the papers are not right after all. */
function SendBackModal({ open, request, onClose }: ActModalProps) {
  const sendBack = useCommand(sendBackWithdrawal, { renews: ['withdrawals', 'candidates'] });
  return (
    <ReasonModal
      open={open}
      onClose={onClose}
      title="退回退档材料"
      reasonMin={REASON_MIN}
      consequence={`考生号 ${request.candidateNo} 的这 1 份申请不办理，退给登记人补齐后重新登记；登记人和核对的 ${request.checkedByName ?? '组长'} 会收到您写的理由。`}
      usual={['照片里的姓名与档案不一致', '申请书上缺签名或日期', '身份证或准考证看不清']}
      confirmLabel="退回"
      onConfirm={(reason) => sendBack.mutateAsync({ params: { id: request.id }, body: { reason } })}
    />
  );
}

function CancelModal({ open, request, onClose }: ActModalProps) {
  const cancel = useCommand(cancelWithdrawal, { renews: ['withdrawals', 'candidates'] });
  return (
    <ReasonModal
      open={open}
      onClose={onClose}
      title="撤回退档申请"
      reasonMin={REASON_MIN}
      consequence={`将撤回考生号 ${request.candidateNo} 的这 1 份退档申请，考生继续由原来的回访员跟进；以后改变主意须重新登记、重新签字。`}
      usual={['考生改变主意，愿意就读', '登记错了考生', '考生要求暂不办理']}
      confirmLabel="撤回申请"
      onConfirm={(reason) => cancel.mutateAsync({ params: { id: request.id }, body: { reason } })}
    />
  );
}
