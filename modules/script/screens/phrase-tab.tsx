import { Button, Form, Input, Modal, Select, Switch, Table, Tag } from 'antd';
import { useState } from 'react';
import { ActionButton } from '#ui/action-button';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { useCan } from '#ui/session';
import { Empty } from '#ui/states';
import { addPhrase, changePhrase, listPhrases, PHRASE_KIND_LABELS, type PhraseView } from '../contract.ts';
import { PHRASE_KINDS, type PhraseKind } from '../rules.ts';

const COLORS: Readonly<Record<PhraseKind, string>> = {
  promise: 'orange',
  threat: 'red',
  discouragement: 'volcano',
  other: 'default',
};

/** 敏感用语: what warns author, approver and the writer of a note, with the rule and better words. */
export function PhraseTab() {
  const list = useRoute(listPhrases, undefined);
  const [edited, setEdited] = useState<PhraseView | 'new' | null>(null);
  const canWrite = useCan('script.write');
  return (
    <div className="zz-list-card">
      <div className="zz-toolbar">
        <div className="zz-toolbar-left">
          <ActionButton can="script.write" type="primary" onClick={() => setEdited('new')}>
            新增用语
          </ActionButton>
        </div>
        <span className="zz-note">写话术和联系备注时，遇到这些用语会提醒。星号代表中间最多隔 8 个字。</span>
      </div>
      <ErrorNote error={list.error} />
      <Table<PhraseView>
        size="middle"
        rowKey="id"
        loading={list.isPending}
        dataSource={list.data?.items ?? []}
        pagination={{ defaultPageSize: 50, hideOnSinglePage: true, showTotal: (total) => `共 ${total} 条` }}
        locale={{ emptyText: <Empty text="还没有敏感用语，装入默认话术时会一并装入。" /> }}
        columns={[
          {
            title: '用语',
            width: 170,
            render: (_, row) =>
              canWrite ? (
                <Button type="link" style={{ padding: 0 }} onClick={() => setEdited(row)}>
                  {row.pattern}
                </Button>
              ) : (
                row.pattern
              ),
          },
          {
            title: '性质',
            width: 90,
            render: (_, row) => <Tag color={COLORS[row.kind]}>{PHRASE_KIND_LABELS[row.kind]}</Tag>,
          },
          { title: '怎么说更好', dataIndex: 'advice' },
          { title: '依据', dataIndex: 'rule' },
          { title: '状态', width: 90, render: (_, row) => (row.active ? '启用' : <Tag>停用</Tag>) },
        ]}
      />
      {edited && <PhraseModal phrase={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </div>
  );
}

interface PhraseModalProps {
  readonly phrase: PhraseView | null;
  readonly onClose: () => void;
}

type Fields = Omit<PhraseView, 'id'> & { readonly reason: string };

function PhraseModal({ phrase, onClose }: PhraseModalProps) {
  const [form] = Form.useForm<Fields>();
  const add = useCommand(addPhrase, { onDone: onClose });
  const change = useCommand(changePhrase, { onDone: onClose });
  const submit = ({ reason, ...body }: Fields) => {
    if (phrase) change.mutate({ params: { phraseId: phrase.id }, body: { ...body, reason } });
    else add.mutate({ body });
  };
  const needed = [{ required: true, message: '请填写' }];
  return (
    <Modal
      open
      title={phrase ? `修改“${phrase.pattern}”` : '新增敏感用语'}
      okText="保存"
      onOk={() => form.submit()}
      onCancel={onClose}
      confirmLoading={add.isPending || change.isPending}
    >
      <Form<Fields>
        form={form}
        layout="vertical"
        onFinish={submit}
        initialValues={phrase ?? { pattern: '', kind: 'promise', advice: '', rule: '', active: true }}
      >
        <Form.Item name="pattern" label="用语" extra="可用 * 代表中间隔几个字，例如 肯定*录取" rules={needed}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="kind" label="性质">
          <Select options={PHRASE_KINDS.map((value) => ({ value, label: PHRASE_KIND_LABELS[value] }))} />
        </Form.Item>
        <Form.Item name="advice" label="怎么说更好" rules={needed}>
          <Input.TextArea maxLength={200} autoSize />
        </Form.Item>
        <Form.Item name="rule" label="依据的规定" rules={needed}>
          <Input.TextArea maxLength={200} autoSize />
        </Form.Item>
        <Form.Item name="active" label="启用" valuePropName="checked">
          <Switch />
        </Form.Item>
        {phrase && (
          <Form.Item name="reason" label="修改原因" rules={needed}>
            <Input maxLength={200} />
          </Form.Item>
        )}
        <ErrorNote error={add.error ?? change.error} />
      </Form>
    </Modal>
  );
}
