import { App, Button, Form, Input, InputNumber, Switch } from 'antd';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { Page, Section } from '#ui/page';
import { changeSecuritySettings, securitySettings } from '../server/contract.ts';

interface Rules {
  readonly oneSession: boolean;
  readonly passwordDays: number | null;
  readonly incidentHours: number;
  readonly reason: string;
}

/** 登录规则: what the organisation decides about signing in. */
export function SecurityPage() {
  const { message } = App.useApp();
  const settings = useRoute(securitySettings);
  const change = useCommand(changeSecuritySettings, {
    renews: ['security-settings'],
    onDone: () => void message.success('登录规则已保存'),
  });
  return (
    <Page note="对本单位所有账号生效。连续输错锁定、闲置退出和动态口令一直有效，不能关闭。">
      <ErrorNote error={settings.error} onRetry={() => void settings.refetch()} />
      <Section>
        {settings.data && (
          <Form<Rules>
            layout="vertical"
            className="zz-narrow"
            requiredMark={false}
            initialValues={{ ...settings.data, reason: '' }}
            onFinish={({ passwordDays, ...rest }) =>
              change.mutate({ body: { ...rest, passwordDays: passwordDays ?? null } })
            }
          >
            <Form.Item
              name="oneSession"
              label="同一账号只保留一处登录"
              valuePropName="checked"
              extra="打开后，在另一台电脑登录时，原来的登录立即失效。"
            >
              <Switch checkedChildren="开" unCheckedChildren="关" />
            </Form.Item>
            <Form.Item
              name="passwordDays"
              label="密码更换期限（天）"
              extra="30 到 730 天；不填表示不按期限更换。到期后下次登录时要求设置新密码。"
            >
              <InputNumber min={30} max={730} precision={0} placeholder="不限" />
            </Form.Item>
            <Form.Item
              name="incidentHours"
              label="个人信息安全事件的报告时限（小时）"
              extra="从发现时刻起算，1 到 72 小时；时限前 4 小时提醒安全管理员和招办。"
              rules={[{ required: true, message: '请填写小时数' }]}
            >
              <InputNumber min={1} max={72} precision={0} />
            </Form.Item>
            <Form.Item
              name="reason"
              label="修改理由"
              rules={[{ required: true, min: 4, message: '理由至少 4 个字' }]}
            >
              <Input maxLength={200} />
            </Form.Item>
            <ErrorNote error={change.error} />
            <Button type="primary" htmlType="submit" loading={change.isPending}>
              保存
            </Button>
          </Form>
        )}
      </Section>
    </Page>
  );
}
