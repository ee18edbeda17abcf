import { Button, Form, Input } from 'antd';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { sessionRoutes } from '../session-routes.ts';

const passwordMin = 12;

interface Passwords {
  readonly current: string;
  readonly next: string;
  readonly again: string;
}

/** Current password, new one twice. The server has the last word on what is good enough. */
export function PasswordForm({ onDone }: { readonly onDone: () => void }) {
  const change = useCommand(sessionRoutes.password, { renews: [], onDone });
  return (
    <Form<Passwords>
      layout="vertical"
      size="large"
      requiredMark={false}
      onFinish={({ current, next }) => change.mutate({ body: { current, next } })}
    >
      <Form.Item name="current" label="现在的密码" rules={[{ required: true, message: '请填写现在的密码' }]}>
        <Input.Password autoFocus autoComplete="current-password" maxLength={128} />
      </Form.Item>
      <Form.Item
        name="next"
        label="新密码"
        extra={`至少 ${passwordMin} 个字符，可以是几个词连成的一句话。`}
        rules={[
          { required: true, message: '请填写新密码' },
          { min: passwordMin, message: `新密码至少 ${passwordMin} 个字符` },
        ]}
      >
        <Input.Password autoComplete="new-password" maxLength={128} />
      </Form.Item>
      <Form.Item
        name="again"
        label="再输一遍新密码"
        dependencies={['next']}
        rules={[
          { required: true, message: '请再输一遍新密码' },
          ({ getFieldValue }) => ({
            validator: (_rule, value) =>
              !value || value === getFieldValue('next')
                ? Promise.resolve()
                : Promise.reject(new Error('两遍输入的新密码不一样')),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" maxLength={128} />
      </Form.Item>
      <ErrorNote error={change.error} />
      <Button type="primary" htmlType="submit" block loading={change.isPending} className="zz-gap">
        保存新密码
      </Button>
    </Form>
  );
}
