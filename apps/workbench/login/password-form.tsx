import { Button, Form, Input } from 'antd';
import { changePassword } from '#platform/session/contract';
import { PASSWORD_MIN } from '#platform/session/rules';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';

interface Passwords {
  readonly current: string;
  readonly next: string;
  readonly again: string;
}

/** Current password, new one twice. The server has the last word on what is good enough. */
export function PasswordForm({ onDone }: { readonly onDone: () => void }) {
  const change = useCommand(changePassword, { renews: [], onDone });
  return (
    <Form<Passwords>
      layout="vertical"
      size="large"
      requiredMark={false}
      onFinish={({ current, next }) => change.mutate({ body: { current, next } })}
    >
      <Form.Item name="current" label="现在的密码" rules={[{ required: true, message: '请填写现在的密码' }]}>
        <Input.Password autoFocus autoComplete="current-password" maxLength={400} />
      </Form.Item>
      <Form.Item
        name="next"
        label="新密码"
        extra={`至少 ${PASSWORD_MIN} 个字符，可以用一句容易记的话，不要包含账号或姓名。`}
        rules={[
          { required: true, message: '请填写新密码' },
          { min: PASSWORD_MIN, message: `新密码至少 ${PASSWORD_MIN} 个字符` },
        ]}
      >
        <Input.Password autoComplete="new-password" maxLength={400} />
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
        <Input.Password autoComplete="new-password" maxLength={400} />
      </Form.Item>
      <ErrorNote error={change.error} />
      <Button type="primary" htmlType="submit" block loading={change.isPending} className="zz-gap">
        保存新密码
      </Button>
    </Form>
  );
}
