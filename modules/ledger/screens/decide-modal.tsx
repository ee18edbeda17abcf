import { App, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatCount } from '#ui/format';
import { useKeyBlock } from '#ui/keyboard';
import { KIND_LABELS } from '../contract.ts';
import type { ExportRoutes, Verdict } from './export-props.tsx';

const NOTE_MIN = 4;

export interface DecideModalProps extends Verdict {
  readonly route: ExportRoutes['decide'];
  readonly onClose: () => void;
}

/** The second person reads who wants what and why, then decides; a refusal needs its reason. */
export function DecideModal({ row, approve, route, onClose }: DecideModalProps) {
  const { message } = App.useApp();
  const [note, setNote] = useState('');
  useKeyBlock(true);
  const decide = useCommand(route, {
    renews: ['exports', 'audit'],
    onDone: () => {
      void message.success(approve ? '已批准，正在生成文件。' : '没有批准，已通知申请人。');
      onClose();
    },
  });
  const word = approve ? '批准' : '不批准';
  return (
    <Modal
      open
      title={`${word}${row.requestedByName}的导出`}
      okText={word}
      okButtonProps={{ danger: !approve, disabled: !approve && note.trim().length < NOTE_MIN }}
      confirmLoading={decide.isPending}
      onOk={() => decide.mutate({ params: { id: row.id }, body: { approve, note: note.trim() } })}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <p className="zz-consequence">
        {`${KIND_LABELS[row.kind]}，共 ${formatCount(row.rows)} 行，用途：${row.reason}。`}
        {row.receiver && `提供给校外单位：${row.receiver}。`}
        {approve ? '批准后由申请人在 24 小时内下载。' : '不批准则不生成文件，理由会通知申请人。'}
      </p>
      <Form layout="vertical">
        <Form.Item label={approve ? '说明（可不填）' : '理由'} required={!approve}>
          <Input.TextArea
            autoFocus
            aria-label={approve ? '说明' : '理由'}
            value={note}
            maxLength={300}
            autoSize={{ minRows: 2, maxRows: 5 }}
            onChange={(event) => setNote(event.target.value)}
          />
        </Form.Item>
      </Form>
      <ErrorNote error={decide.error} />
    </Modal>
  );
}
