import { BankOutlined, LockOutlined, UserOutlined } from '@ant-design/icons';
import { Button, Form, Input } from 'antd';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { sessionRoutes } from '../session-routes.ts';

const tenantPlace = 'zhizhao.tenant';

interface SignInFormProps {
  readonly onDone: () => Promise<void>;
  /** The person was inside and has to sign in again. */
  readonly expired: boolean;
}

interface SignIn {
  readonly tenantCode: string;
  readonly username: string;
  readonly password: string;
}

/** 单位代码, 账号, 密码. The code of the organisation is remembered in this browser, the account is not. */
export function SignInForm({ onDone, expired }: SignInFormProps) {
  const signIn = useCommand(sessionRoutes.signIn, { renews: [], onDone: () => void onDone() });
  const remembered = localStorage.getItem(tenantPlace) ?? '';
  const submit = ({ tenantCode, username, password }: SignIn) => {
    localStorage.setItem(tenantPlace, tenantCode.trim());
    signIn.mutate({ body: { tenantCode: tenantCode.trim(), username: username.trim(), password } });
  };
  return (
    <>
      <h1>登录</h1>
      <p className="zz-note">
        {expired ? '登录已过期，请重新登录，之后会回到刚才的页面。' : '请使用本单位分配的账号。'}
      </p>
      <Form<SignIn>
        layout="vertical"
        size="large"
        requiredMark={false}
        initialValues={{ tenantCode: remembered }}
        onFinish={submit}
      >
        <Form.Item name="tenantCode" label="单位代码" rules={[{ required: true, message: '请填写单位代码' }]}>
          <Input
            prefix={<BankOutlined />}
            autoComplete="organization"
            maxLength={32}
            autoFocus={remembered === ''}
            placeholder="由本单位管理员提供"
          />
        </Form.Item>
        <Form.Item name="username" label="账号" rules={[{ required: true, message: '请填写账号' }]}>
          <Input
            prefix={<UserOutlined />}
            autoComplete="username"
            maxLength={64}
            autoFocus={remembered !== ''}
          />
        </Form.Item>
        <Form.Item name="password" label="密码" rules={[{ required: true, message: '请填写密码' }]}>
          <Input.Password prefix={<LockOutlined />} autoComplete="current-password" maxLength={128} />
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
