import { App, Input, Modal } from 'antd';
import { useState } from 'react';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { useKeyBlock } from '#ui/keyboard';
import { reportWrongful } from '../wrongful.contract.ts';
import type { ActModalProps } from './act-props.tsx';

const WORDS_MIN = 10;

/** 误退: a withdrawal that should not have happened. */
export function WrongfulModal({ open, request, onClose }: ActModalProps) {
  const { message } = App.useApp();
  const [words, setWords] = useState('');
  useKeyBlock(open);
  const report = useCommand(reportWrongful, {
    renews: ['withdrawals', 'wrongful-withdrawals'],
    onDone: ({ trace }) => {
      void message.success(`已报告督查组，追溯到 ${trace.length} 条经手记录`);
      setWords('');
      onClose();
    },
  });
  return (
    <Modal
      open={open}
      title="报告误退"
      okText="报告"
      okButtonProps={{ danger: true, disabled: words.trim().length < WORDS_MIN }}
      confirmLoading={report.isPending}
      mask={{ closable: false }}
      onCancel={onClose}
      onOk={() => report.mutate({ params: { id: request.id }, body: { description: words.trim() } })}
    >
      <p className="zz-consequence">
        将把考生号 {request.candidateNo}{' '}
        的退档报告给督查组，并固定每个经手人的记录：联系、登记、上传、核对、办理。报告后不能删除。
      </p>
      <Input.TextArea
        autoFocus
        aria-label="情况说明"
        value={words}
        maxLength={2000}
        showCount
        autoSize={{ minRows: 3, maxRows: 8 }}
        placeholder={`怎么发现的、考生怎么说，至少 ${WORDS_MIN} 个字`}
        onChange={(event) => setWords(event.target.value)}
      />
      <ErrorNote error={report.error} />
    </Modal>
  );
}
