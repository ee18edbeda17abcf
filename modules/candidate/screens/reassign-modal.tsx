import { App, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { listLoads, reassign } from '#assignment/contract';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatCount } from '#ui/format';
import { useKeyBlock } from '#ui/keyboard';

const REASON_MIN = 2;
const SHOWN = 5;

export interface ReassignModalProps {
  readonly ids: readonly string[];
  readonly onMoved: () => void;
  readonly onClose: () => void;
}

/** 改派: gives the open cases of the chosen candidates to one caller; says in figures what that does to the load. */
export function ReassignModal({ ids, onMoved, onClose }: ReassignModalProps) {
  const loads = useRoute(listLoads);
  const [to, setTo] = useState<string>();
  const [reason, setReason] = useState('');
  const give = useReassign(onMoved, onClose);
  useKeyBlock(true);
  const available = (loads.data?.items ?? []).filter((caller) => caller.available);
  const caller = available.find(({ userId }) => userId === to);
  const send = () => {
    if (caller)
      give.mutate({ body: { candidateIds: [...ids], toUserId: caller.userId, reason: reason.trim() } });
  };
  return (
    <Modal
      open
      title={`改派 ${formatCount(ids.length)} 名考生`}
      okText="改派"
      okButtonProps={{ disabled: !caller || reason.trim().length < REASON_MIN }}
      confirmLoading={give.isPending}
      onOk={send}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <p className="zz-consequence">
        {caller
          ? `${caller.name}现在办 ${caller.open} 名，上限 ${caller.cap} 名，改派后最多 ${caller.open + ids.length} 名。`
          : '请选择接手的回访员。'}
        约定的回拨时间不变，归属经过保留；正在通话和已办结的不动。
      </p>
      <Form layout="vertical">
        <Form.Item label="改派给" required>
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            aria-label="改派给"
            placeholder="选择回访员"
            loading={loads.isPending}
            value={to ?? null}
            onChange={setTo}
            options={available.map(({ userId, name, open, cap }) => ({
              value: userId,
              label: `${name}（在办 ${open}/${cap}）`,
            }))}
          />
        </Form.Item>
        <Form.Item label="原因" required extra={`至少 ${REASON_MIN} 个字，会记入操作日志。`}>
          <Input
            aria-label="原因"
            value={reason}
            maxLength={200}
            onChange={({ target }) => setReason(target.value)}
          />
        </Form.Item>
      </Form>
      <ErrorNote error={loads.error ?? give.error} />
    </Modal>
  );
}

function useReassign(onMoved: () => void, onClose: () => void) {
  const { message } = App.useApp();
  return useCommand(reassign, {
    renews: ['candidates', 'assignments'],
    onDone: ({ moved, stayed }) => {
      const why = stayed.slice(0, SHOWN).map((line) => `${line.name}：${line.why}`);
      const more = stayed.length > SHOWN ? ' 等' : '';
      const left = stayed.length === 0 ? '' : `，未动 ${stayed.length} 名（${why.join('；')}${more}）`;
      void message.info(`已改派 ${moved} 名${left}。`, 6);
      onMoved();
      onClose();
    },
  });
}
