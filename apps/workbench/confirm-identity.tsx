import { Input, Modal } from 'antd';
import { useState, useSyncExternalStore } from 'react';
import { confirmIdentity } from '#platform/session/contract';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { useKeyBlock } from '#ui/keyboard';
import { useSession } from '#ui/session';
import { CodeInput, codeLength } from './code-input.tsx';

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
  const [secret, setSecret] = useState('');
  const confirm = useCommand(confirmIdentity, {
    renews: [],
    onDone: () => {
      setSecret('');
      settle(true);
    },
  });
  useKeyBlock(open);
  const { totpEnrolled } = useSession().user;
  const ready = totpEnrolled ? secret.length === codeLength : secret !== '';
  const submit = () => confirm.mutate({ body: totpEnrolled ? { code: secret } : { password: secret } });
  return (
    <Modal
      open={open}
      width={400}
      title="请再次确认身份"
      // Over the dialog whose act asked for it.
      zIndex={2000}
      okText="确认并继续"
      cancelText="取消操作"
      confirmLoading={confirm.isPending}
      okButtonProps={{ disabled: !ready }}
      onOk={submit}
      onCancel={() => {
        confirm.reset();
        setSecret('');
        settle(false);
      }}
      mask={{ closable: false }}
      destroyOnHidden
    >
      <p className="zz-consequence">
        这是一项敏感操作。请输入{totpEnrolled ? '验证器应用里的 6 位动态口令' : '登录密码'}
        ，确认后会自动继续。
      </p>
      {totpEnrolled ? (
        <CodeInput value={secret} onChange={setSecret} />
      ) : (
        <Input.Password
          autoFocus
          aria-label="登录密码"
          autoComplete="current-password"
          value={secret}
          onChange={(event) => setSecret(event.target.value)}
          onPressEnter={() => (ready ? submit() : undefined)}
        />
      )}
      <div className="zz-gap">
        <ErrorNote error={confirm.error} />
      </div>
    </Modal>
  );
}
