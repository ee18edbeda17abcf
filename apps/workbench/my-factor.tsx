import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Form, Input } from 'antd';
import { rebindTotp } from '#platform/session/contract';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { Page, Section } from '#ui/page';
import { sessionKey } from './use-session-query.tsx';

interface Proof {
  readonly password: string;
  readonly recoveryCode: string;
}

/** 更换动态口令: for a new phone, or a lost one after signing in with a recovery code. */
export function MyFactor() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const rebind = useCommand(rebindTotp, {
    renews: [],
    onDone: () => {
      void client.invalidateQueries({ queryKey: sessionKey });
      void navigate({ to: '/login' });
    },
  });
  return (
    <Page note="用密码和一个没用过的恢复码证明是本人，接着扫码绑定新手机，并换发新的恢复码。其他设备上的登录会立即失效。">
      <Section>
        <div className="zz-narrow">
          <Form<Proof>
            layout="vertical"
            size="large"
            requiredMark={false}
            onFinish={(body) => rebind.mutate({ body })}
          >
            <Form.Item name="password" label="密码" rules={[{ required: true, message: '请填写密码' }]}>
              <Input.Password autoFocus autoComplete="current-password" maxLength={400} />
            </Form.Item>
            <Form.Item
              name="recoveryCode"
              label="恢复码"
              extra="绑定动态口令时给出的十个恢复码之一。都用完或丢失时，请联系安全管理员解除绑定。"
              rules={[{ required: true, message: '请填写恢复码' }]}
            >
              <Input autoComplete="off" maxLength={40} />
            </Form.Item>
            <ErrorNote error={rebind.error} />
            <Button type="primary" htmlType="submit" block loading={rebind.isPending} className="zz-gap">
              下一步：绑定新手机
            </Button>
          </Form>
        </div>
      </Section>
    </Page>
  );
}
