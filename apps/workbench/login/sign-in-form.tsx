import { BankOutlined, LockOutlined, UserOutlined } from '@ant-design/icons';
import { Button, Form, Input } from 'antd';
import { signInHint, signIn as signInRoute } from '#platform/session/contract';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { Loading } from '#ui/states';

const tenantPlace = 'zhizhao.tenant';

interface SignInFormProps {
  readonly onDone: () => Promise<void>;
  /** The person was inside and has to sign in again. */
  readonly expired: boolean;
}

interface SignIn {
  readonly tenantCode?: string;
  readonly username: string;
  readonly password: string;
}

/** 单位代码, 账号, 密码. The code of the organisation is remembered in this browser, the account is not. */
export function SignInForm({ onDone, expired }: SignInFormProps) {
  const signIn = useCommand(signInRoute, { renews: [], onDone: () => void onDone() });
  const hint = useRoute(signInHint);
  const only = hint.data?.tenant;
  const remembered = localStorage.getItem(tenantPlace) ?? '';
  const submit = ({ tenantCode = '', username, password }: SignIn) => {
    const code = only?.code ?? tenantCode.trim();
    if (!only) localStorage.setItem(tenantPlace, code);
    signIn.mutate({ body: { tenantCode: code, username: username.trim(), password } });
  };
  if (hint.isPending) return <Loading rows={6} />;
  return (
    <>
      <h1>登录</h1>
      <p className="zz-note">
        {only && <strong>{only.name} · </strong>}
        {expired ? '请登录，之后会回到刚才的页面。' : '请使用本单位分配的账号。'}
      </p>
      <Form<SignIn>
        layout="vertical"
        size="large"
        requiredMark={false}
        initialValues={{ tenantCode: remembered }}
        onFinish={submit}
      >
        {!only && (
          <Form.Item
            name="tenantCode"
            label="单位代码"
            rules={[{ required: true, message: '请填写单位代码' }]}
          >
            <Input
              prefix={<BankOutlined />}
              autoComplete="organization"
              maxLength={40}
              autoFocus={remembered === ''}
              placeholder="由本单位管理员提供"
            />
          </Form.Item>
        )}
        <Form.Item name="username" label="账号" rules={[{ required: true, message: '请填写账号' }]}>
          <Input
            prefix={<UserOutlined />}
            autoComplete="username"
            maxLength={40}
            autoFocus={Boolean(only) || remembered !== ''}
          />
        </Form.Item>
        <Form.Item name="password" label="密码" rules={[{ required: true, message: '请填写密码' }]}>
          <Input.Password prefix={<LockOutlined />} autoComplete="current-password" maxLength={400} />
        </Form.Item>
        <ErrorNote error={signIn.error} />
        <Button type="primary" htmlType="submit" block loading={signIn.isPending} className="zz-gap">
          登录
        </Button>
      </Form>
      <p className="zz-note zz-login-foot">忘记密码或账号被锁定，请联系本单位的系统管理员。</p>
    </>
  );
}
