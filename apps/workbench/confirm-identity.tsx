import { Input, Modal } from 'antd';
import { useState, useSyncExternalStore } from 'react';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { useKeyBlock } from '#ui/keyboard';
import { sessionRoutes } from './session-routes.ts';

let answer: ((confirmed: boolean) => void) | null = null;
let pending: Promise<boolean> | null = null;
const listeners = new Set<() => void>();
const announce = () => {
  for (const listener of listeners) listener();
};

/** Opens the dialog; requests that ask at the same time share one answer. */
export function askIdentity(): Promise<boolean> {
  pending ??= new Promise((resolve) => {
    answer = resolve;
  });
  announce();
  return pending;
}

function settle(confirmed: boolean): void {
  answer?.(confirmed);
  answer = null;
  pending = null;
  announce();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Before a sensitive act: the code of the second factor once more, then the act goes on by itself. */
export function ConfirmIdentity() {
  const open = useSyncExternalStore(subscribe, () => pending !== null);
  const [code, setCode] = useState('');
  const confirm = useCommand(sessionRoutes.confirm, {
    renews: [],
    onDone: () => {
      setCode('');
      settle(true);
    },
  });
  useKeyBlock(open);
  const submit = (value: string) => confirm.mutate({ body: { code: value } });
  return (
    <Modal
      open={open}
      width={400}
      title="请再次确认身份"
      okText="确认并继续"
      cancelText="取消操作"
      confirmLoading={confirm.isPending}
      okButtonProps={{ disabled: code.length !== 6 }}
      onOk={() => submit(code)}
      onCancel={() => {
        confirm.reset();
        setCode('');
        settle(false);
      }}
      mask={{ closable: false }}
      destroyOnHidden
    >
      <p>这是一项敏感操作。请输入验证器应用里的 6 位动态验证码，确认后会自动继续。</p>
      <Input.OTP autoFocus length={6} value={code} onChange={setCode} aria-label="动态验证码" />
      <div className="zz-gap">
        <ErrorNote error={confirm.error} />
      </div>
    </Modal>
  );
}
