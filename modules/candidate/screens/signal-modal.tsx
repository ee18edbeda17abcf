import { App, Modal, Select } from 'antd';
import { useState } from 'react';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { useKeyBlock } from '#ui/keyboard';
import { addSignalToMany } from '../batch.contract.ts';

interface SignalOption {
  readonly value: string;
  readonly label: string;
  readonly help: string;
  readonly active: boolean;
}

export interface SignalModalProps {
  readonly ids: readonly string[];
  readonly signals: readonly SignalOption[];
  readonly onClose: (done: boolean) => void;
}

/** Adds one signal to the chosen candidates, and says what help it leads to. */
export function SignalModal({ ids, signals, onClose }: SignalModalProps) {
  const { message } = App.useApp();
  const [code, setCode] = useState<string | null>(null);
  useKeyBlock(true);
  const add = useCommand(addSignalToMany, {
    onDone: ({ count }) => {
      message.success(`已给 ${count} 名考生加上关注点`);
      onClose(true);
    },
  });
  const chosen = signals.find(({ value }) => value === code);
  return (
    <Modal
      open
      title={`给 ${ids.length} 名考生加关注点`}
      okText="加上"
      okButtonProps={{ disabled: code === null }}
      confirmLoading={add.isPending}
      onOk={() => code && add.mutate({ body: { ids: [...ids], code } })}
      onCancel={() => onClose(false)}
    >
      <Select
        className="zz-wide"
        aria-label="关注点"
        placeholder="选择关注点"
        options={signals.filter(({ active }) => active).map(({ value, label }) => ({ value, label }))}
        value={code}
        onChange={setCode}
      />
      <p className="zz-note">{chosen ? chosen.help : '关注点只用来安排帮助，不影响录取和退档。'}</p>
      <ErrorNote error={add.error} />
    </Modal>
  );
}
