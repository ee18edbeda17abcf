import { useQuery } from '@tanstack/react-query';
import { Button, Form, Typography } from 'antd';
import { useState } from 'react';
import { enrolTotp, startTotp } from '#platform/session/contract';
import { api, useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { QrCode } from '#ui/qr-code';
import { Loading } from '#ui/states';
import { CodeInput, codeLength } from '../code-input.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

/** Binding an authenticator: scan, prove it with a code, keep the recovery codes. */
export function EnrolStep({ onDone }: { readonly onDone: () => Promise<void> }) {
  const start = useQuery({
    queryKey: ['enrol'],
    queryFn: () => api(startTotp),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const [code, setCode] = useState('');
  const enrol = useCommand(enrolTotp, { renews: [] });
  const submit = (text: string) => enrol.mutate({ body: { code: text } });
  if (enrol.data) return <RecoveryCodes codes={enrol.data.recoveryCodes} onDone={onDone} />;
  return (
    <>
      <h1>绑定动态口令</h1>
      <p className="zz-note">您的角色可以审批或管理数据，登录时需要第二重验证。只需绑定一次。</p>
      <ErrorNote error={start.error} onRetry={() => void start.refetch()} />
      {start.isPending && <Loading rows={6} />}
      {start.data && (
        <>
          <ol className="zz-steps">
            <li>在手机上安装任意一款支持 TOTP 的验证器应用。</li>
            <li>用它扫描下面的二维码；不能扫码时，手工输入密钥。</li>
            <li>输入应用里显示的 6 位数字。</li>
          </ol>
          <div className="zz-enrol">
            <QrCode text={start.data.otpauthUrl} label="绑定用的二维码" />
            <div>
              <span className="zz-note">密钥</span>
              <Typography.Text copyable={{ text: start.data.secret, tooltips: ['复制', '已复制'] }} code>
                {start.data.secret.replace(/(.{4})(?=.)/g, '$1 ')}
              </Typography.Text>
            </div>
          </div>
          <Form layout="vertical" size="large" onFinish={() => submit(code)}>
            <Form.Item label="动态口令">
              <CodeInput value={code} onChange={setCode} />
            </Form.Item>
            <ErrorNote error={enrol.error} />
            <Button
              type="primary"
              htmlType="submit"
              block
              className="zz-gap"
              loading={enrol.isPending}
              disabled={code.length !== codeLength}
            >
              完成绑定
            </Button>
          </Form>
        </>
      )}
    </>
  );
}
