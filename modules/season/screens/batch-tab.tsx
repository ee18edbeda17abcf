import { Button, Form, Input, Modal, Select, Switch, Table, Tag } from 'antd';
import { useState } from 'react';
import type { z } from 'zod';
import { ActionButton } from '#ui/action-button';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { ReasonModal } from '#ui/reason-modal';
import { Empty } from '#ui/states';
import {
  addBatch,
  type BatchFields,
  type BatchView,
  changeBatch,
  LEVEL_LABELS,
  listBatches,
  removeBatch,
} from '../contract.ts';
import { LEVELS } from '../rules.ts';

type Fields = z.output<typeof BatchFields>;

export const levelOptions = LEVELS.map((value) => ({ value, label: LEVEL_LABELS[value] }));

/** 批次 of the season. */
export function BatchTab({ seasonId }: { readonly seasonId: string }) {
  const list = useRoute(listBatches, { params: { seasonId } });
  const [edited, setEdited] = useState<BatchView | 'new' | null>(null);
  const [removed, setRemoved] = useState<BatchView | null>(null);
  const remove = useCommand(removeBatch);
  const newButton = (
    <ActionButton can="season.manage" type="primary" onClick={() => setEdited('new')}>
      新建批次
    </ActionButton>
  );
  return (
    <>
      <div className="zz-toolbar">
        <div className="zz-toolbar-left">{newButton}</div>
      </div>
      <ErrorNote error={list.error} />
      <Table<BatchView>
        size="middle"
        rowKey="id"
        pagination={false}
        loading={list.isPending}
        dataSource={list.data?.items ?? []}
        locale={{ emptyText: <Empty text="还没有批次，例如“本科批”“专科批”“艺术本科批”。" /> }}
        columns={[
          { title: '代码', dataIndex: 'code', width: 120 },
          { title: '名称', dataIndex: 'name' },
          { title: '层次', render: (_, row) => LEVEL_LABELS[row.level], width: 120 },
          { title: '类别', render: (_, row) => (row.art ? <Tag>艺术</Tag> : '普通'), width: 120 },
          {
            title: '操作',
            width: 160,
            render: (_, row) => (
              <>
                <Button type="link" size="small" onClick={() => setEdited(row)}>
                  修改
                </Button>
                <Button type="link" size="small" danger onClick={() => setRemoved(row)}>
                  删除
                </Button>
              </>
            ),
          },
        ]}
      />
      {edited && (
        <BatchModal
          seasonId={seasonId}
          batch={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
      <ReasonModal
        open={removed !== null}
        onClose={() => setRemoved(null)}
        title={`删除批次“${removed?.name ?? ''}”`}
        consequence="只有没有政策、专业代号、分数线和投档数据的批次可以删除。"
        confirmLabel="删除"
        usual={['录入有误', '今年没有这个批次']}
        onConfirm={(reason) =>
          remove.mutateAsync({ params: { seasonId, batchId: removed?.id ?? '' }, body: { reason } })
        }
      />
    </>
  );
}

interface BatchModalProps {
  readonly seasonId: string;
  readonly batch: BatchView | null;
  readonly onClose: () => void;
}

function BatchModal({ seasonId, batch, onClose }: BatchModalProps) {
  const [form] = Form.useForm<Fields>();
  const add = useCommand(addBatch, { onDone: onClose });
  const change = useCommand(changeBatch, { onDone: onClose });
  const submit = ({ code, name, level, art }: Fields) => {
    const body = { code, name, level, art };
    if (batch) change.mutate({ params: { seasonId, batchId: batch.id }, body });
    else add.mutate({ params: { seasonId }, body });
  };
  return (
    <Modal
      open
      title={batch ? `修改批次“${batch.name}”` : '新建批次'}
      okText="保存"
      onOk={() => form.submit()}
      onCancel={onClose}
      confirmLoading={add.isPending || change.isPending}
    >
      <Form<Fields>
        form={form}
        layout="vertical"
        onFinish={submit}
        initialValues={batch ?? { code: '', name: '', level: 'undergraduate', art: false }}
      >
        <Form.Item
          name="code"
          label="代码"
          extra="投档数据里的批次代码"
          rules={[{ required: true, message: '请填写代码' }]}
        >
          <Input maxLength={20} />
        </Form.Item>
        <Form.Item name="name" label="名称" rules={[{ required: true, min: 2, message: '请填写名称' }]}>
          <Input maxLength={40} placeholder="例如 本科批" />
        </Form.Item>
        <Form.Item name="level" label="层次">
          <Select options={levelOptions} />
        </Form.Item>
        <Form.Item name="art" label="艺术类" valuePropName="checked">
          <Switch />
        </Form.Item>
        <ErrorNote error={add.error ?? change.error} />
      </Form>
    </Modal>
  );
}
