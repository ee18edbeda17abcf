import { App, Button, Form, Input, InputNumber, Modal, Switch, Table, Tag } from 'antd';
import { useState } from 'react';
import type { RouteReply } from '#platform/http/route';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { useKeyBlock } from '#ui/keyboard';
import { Page } from '#ui/page';
import { Empty } from '#ui/states';
import { listSignals, putSignal } from '../batch.contract.ts';

type Signal = RouteReply<typeof listSignals>['items'][number];

/** 关注点目录: neutral words, each with the help it leads to. */
export function SignalPage() {
  const signals = useRoute(listSignals, undefined);
  const [editing, setEditing] = useState<Signal | null>(null);
  return (
    <Page note="关注点用来安排帮助，不影响录取、退档和拨打次序；不得涉及家庭贫富、父母学历、民族和健康。">
      <ErrorNote error={signals.error} onRetry={() => void signals.refetch()} />
      <Table<Signal>
        size="middle"
        rowKey="code"
        pagination={false}
        loading={signals.isPending}
        dataSource={[...(signals.data?.items ?? [])]}
        locale={{ emptyText: <Empty text="目录还是空的，建立招生季时会装入默认的 14 项。" /> }}
        columns={[
          { key: 'p', title: '次序', width: 64, render: (_, row) => row.position },
          { key: 'n', title: '关注点', width: 140, render: (_, row) => row.name },
          { key: 'h', title: '提供的帮助', render: (_, row) => row.help },
          {
            key: 's',
            title: '状态',
            width: 80,
            render: (_, row) => <Tag>{row.active ? '使用中' : '已停用'}</Tag>,
          },
          {
            key: 'a',
            title: '操作',
            width: 80,
            render: (_, row) => (
              <Button type="link" size="small" onClick={() => setEditing(row)}>
                修改
              </Button>
            ),
          },
        ]}
      />
      {editing && <SignalForm signal={editing} onClose={() => setEditing(null)} />}
    </Page>
  );
}

type Fields = Omit<Signal, 'code'>;

function SignalForm({ signal, onClose }: { readonly signal: Signal; readonly onClose: () => void }) {
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  useKeyBlock(true);
  const save = useCommand(putSignal, {
    onDone: () => {
      message.success('已保存');
      onClose();
    },
  });
  return (
    <Modal
      open
      title="修改关注点"
      okText="保存"
      confirmLoading={save.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form<Fields>
        form={form}
        layout="vertical"
        initialValues={signal}
        onFinish={(body) => save.mutate({ params: { code: signal.code }, body })}
      >
        <Form.Item name="name" label="名称" rules={[{ required: true, min: 2, max: 12 }]}>
          <Input />
        </Form.Item>
        <Form.Item name="help" label="提供的帮助" rules={[{ required: true, min: 6, max: 200 }]}>
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 5 }} />
        </Form.Item>
        <Form.Item name="position" label="次序">
          <InputNumber min={1} max={99} />
        </Form.Item>
        <Form.Item name="active" label="使用中" valuePropName="checked">
          <Switch />
        </Form.Item>
      </Form>
      <ErrorNote error={save.error} />
    </Modal>
  );
}
