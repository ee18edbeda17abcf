import { App, Form, Input, InputNumber, Switch, Tag } from 'antd';
import type { RouteReply } from '#platform/http/route';
import { useCommand, useRoute } from '#ui/api';
import { Catalogue } from '#ui/catalogue';
import { FormModal } from '#ui/form-modal';
import { Page, Section } from '#ui/page';
import { Empty } from '#ui/states';
import { listSignals, putSignal } from '../batch.contract.ts';

type Signal = RouteReply<typeof listSignals>['items'][number];

/** 关注点目录: neutral words, each with the help it leads to. One that is no longer used is switched off, never deleted. */
export function SignalPage() {
  const signals = useRoute(listSignals, undefined);
  const last = Math.max(0, ...(signals.data?.items ?? []).map(({ position }) => position));
  return (
    <Page note="关注点用来安排帮助，不影响录取、退档和拨打次序；不得涉及家庭贫富、父母学历、民族和健康。">
      <Section>
        <Catalogue<Signal>
          list={signals}
          can="season.manage"
          newLabel="新增关注点"
          rowKey={(row) => row.code}
          empty={<Empty text="目录还是空的，建立招生季时会装入默认的 14 项。" />}
          columns={[
            { title: '次序', width: 64, dataIndex: 'position' },
            { title: '关注点', width: 140, dataIndex: 'name' },
            { title: '提供的帮助', dataIndex: 'help' },
            {
              title: '状态',
              width: 80,
              render: (_, row) => (
                <Tag color={row.active ? 'success' : 'default'}>{row.active ? '使用中' : '已停用'}</Tag>
              ),
            },
          ]}
          form={(signal, close) => <SignalForm signal={signal} next={last + 1} onClose={close} />}
        />
      </Section>
    </Page>
  );
}

interface SignalFormProps {
  readonly signal: Signal | null;
  /** Position of a new one. */
  readonly next: number;
  readonly onClose: () => void;
}

function SignalForm({ signal, next, onClose }: SignalFormProps) {
  const { message } = App.useApp();
  const save = useCommand(putSignal, {
    renews: ['signals', 'candidates'],
    onDone: () => {
      void message.success('已保存');
      onClose();
    },
  });
  return (
    <FormModal<Signal>
      title={signal ? `修改关注点“${signal.name}”` : '新增关注点'}
      initialValues={signal ?? { active: true, position: next }}
      busy={save.isPending}
      error={save.error}
      onSubmit={({ code, ...body }) => save.mutate({ params: { code }, body })}
      onClose={onClose}
    >
      {signal === null && (
        <Form.Item
          name="code"
          label="编码"
          extra="小写英文字母、数字和下划线，建好后不能改。"
          rules={[
            { required: true, pattern: /^[a-z][a-z0-9_]{1,39}$/, message: '以小写字母开头，至少 2 位' },
          ]}
        >
          <Input maxLength={40} autoFocus />
        </Form.Item>
      )}
      {signal !== null && (
        <Form.Item name="code" hidden>
          <Input />
        </Form.Item>
      )}
      <Form.Item
        name="name"
        label="名称"
        extra="描述考生需要的帮助，措辞中性。"
        rules={[{ required: true, min: 2, max: 12, message: '2 到 12 个字' }]}
      >
        <Input maxLength={12} />
      </Form.Item>
      <Form.Item
        name="help"
        label="提供的帮助"
        rules={[{ required: true, min: 6, max: 200, message: '请用 6 到 200 个字写明提供什么帮助' }]}
      >
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 5 }} maxLength={200} showCount />
      </Form.Item>
      <Form.Item name="position" label="次序">
        <InputNumber min={1} max={99} />
      </Form.Item>
      <Form.Item name="active" label="使用中" valuePropName="checked">
        <Switch />
      </Form.Item>
    </FormModal>
  );
}
