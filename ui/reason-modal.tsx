import { Form, Input, Modal, Tag } from 'antd';
import { type ReactNode, useState } from 'react';
import { ErrorNote } from './error-note.tsx';
import { useKeyBlock } from './keyboard.tsx';

const usualMin = 2;
const reasonMax = 200;

export interface ReasonModalProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What will happen, in figures: "将收回 36 名考生，其中 4 名有今天到期的回拨。" */
  readonly consequence: ReactNode;
  /** Usual reasons, one click each; the text can still be changed. */
  readonly usual?: readonly string[];
  /** Word on the button, a verb: 收回, 作废. */
  readonly confirmLabel: string;
  readonly danger?: boolean;
  /** Least letters of a reason, as the route asks for; 2 by default. */
  readonly reasonMin?: number;
  /** What the consequence needs is not there yet: the button waits. */
  readonly blocked?: boolean;
  /** Rejecting keeps the dialog open and shows the sentence. */
  readonly onConfirm: (reason: string) => Promise<unknown>;
}

/** Before an act that cannot be taken back: says what it does, asks why, and shows the refusal if there is one. */
export function ReasonModal({
  open,
  onClose,
  title,
  confirmLabel,
  danger = true,
  reasonMin = usualMin,
  ...rest
}: ReasonModalProps) {
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useKeyBlock(open);
  const tooShort = reason.trim().length < reasonMin;

  const close = () => {
    setReason('');
    setError(null);
    onClose();
  };
  const confirm = async () => {
    setBusy(true);
    setError(null);
    try {
      await rest.onConfirm(reason.trim());
      close();
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal
      open={open}
      onCancel={close}
      onOk={confirm}
      title={title}
      okText={confirmLabel}
      okButtonProps={{ danger, disabled: tooShort || rest.blocked === true }}
      confirmLoading={busy}
      mask={{ closable: false }}
      destroyOnHidden
    >
      <div className="zz-consequence">{rest.consequence}</div>
      <Form layout="vertical">
        <Form.Item label="原因" required extra={`至少 ${reasonMin} 个字，会记入操作日志。`}>
          {rest.usual && <UsualReasons reasons={rest.usual} onPick={setReason} />}
          <Input.TextArea
            autoFocus
            aria-label="原因"
            value={reason}
            maxLength={reasonMax}
            showCount
            autoSize={{ minRows: 2, maxRows: 5 }}
            onChange={(event) => setReason(event.target.value)}
          />
        </Form.Item>
      </Form>
      <ErrorNote error={error} />
    </Modal>
  );
}

interface UsualReasonsProps {
  readonly reasons: readonly string[];
  readonly onPick: (reason: string) => void;
}

function UsualReasons({ reasons, onPick }: UsualReasonsProps) {
  return (
    <div className="zz-usual">
      {reasons.map((reason) => (
        <button key={reason} type="button" className="zz-plain" onClick={() => onPick(reason)}>
          <Tag>{reason}</Tag>
        </button>
      ))}
    </div>
  );
}
