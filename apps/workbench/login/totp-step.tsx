import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { passTotp } from '#platform/session/contract';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { CodeInput, codeLength } from '../code-input.tsx';

/** The second factor: six digits from the authenticator, or one of the recovery codes. */
export function TotpStep({ onDone }: { readonly onDone: () => Promise<void> }) {
  const [byRecovery, setByRecovery] = useState(false);
  const [code, setCode] = useState('');
  const totp = useCommand(passTotp, { renews: [], onDone: () => void onDone() });
  const submit = (text: string) =>
    totp.mutate({ body: byRecovery ? { recoveryCode: text.trim() } : { code: text } });
  const change = (text: string) => {
    setCode(text);
    if (!byRecovery && text.length === codeLength && text !== code) submit(text);
  };
  return (
    <>
      <h1>{byRecovery ? '使用恢复码' : '输入动态口令'}</h1>
      <p className="zz-note">
        {byRecovery
          ? '每个恢复码只能用一次，用后请尽快重新绑定验证器。'
          : '打开手机上的验证器应用，输入“智招”下面的 6 位数字。'}
      </p>
      <Form layout="vertical" size="large" onFinish={() => submit(code)}>
        <Form.Item label={byRecovery ? '恢复码' : '动态口令'}>
          {byRecovery ? (
            <Input autoFocus value={code} maxLength={32} onChange={(event) => setCode(event.target.value)} />
          ) : (
            <CodeInput value={code} onChange={change} />
          )}
        </Form.Item>
        <ErrorNote error={totp.error} />
        <Button
          type="primary"
          htmlType="submit"
          block
          className="zz-gap"
          loading={totp.isPending}
          disabled={code.trim().length < codeLength}
        >
          继续
        </Button>
      </Form>
      <Button
        type="link"
        className="zz-login-foot"
        onClick={() => {
          setByRecovery(!byRecovery);
          setCode('');
          totp.reset();
        }}
      >
        {byRecovery ? '改用动态口令' : '手机不在身边？使用恢复码'}
      </Button>
    </>
  );
}
