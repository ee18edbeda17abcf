import { Form, Input, Select, Switch, Tag } from 'antd';
import type { z } from 'zod';
import { useCommand, useRoute } from '#ui/api';
import { Catalogue } from '#ui/catalogue';
import { FormModal } from '#ui/form-modal';
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
import { levelOptions } from './options.ts';

type Fields = z.output<typeof BatchFields>;

/** 批次 of the season. */
export function BatchTab({ seasonId }: { readonly seasonId: string }) {
  const list = useRoute(listBatches, { params: { seasonId } });
  const remove = useCommand(removeBatch);
  return (
    <Catalogue<BatchView>
      list={list}
      can="season.manage"
      newLabel="新建批次"
      rowKey={(row) => row.id}
      empty={<Empty text="还没有批次，例如“本科批”“专科批”“艺术本科批”。" />}
      columns={[
        { title: '代码', dataIndex: 'code', width: 120 },
        { title: '名称', dataIndex: 'name' },
        { title: '层次', render: (_, row) => LEVEL_LABELS[row.level], width: 120 },
        { title: '类别', render: (_, row) => (row.art ? <Tag>艺术</Tag> : '普通'), width: 120 },
      ]}
      form={(batch, close) => <BatchModal seasonId={seasonId} batch={batch} onClose={close} />}
      removal={{
        title: (row) => `删除批次“${row.name}”`,
        consequence: () => '只有没有政策、专业代号、分数线和投档数据的批次可以删除。',
        usual: ['录入有误', '今年没有这个批次'],
        run: (row, reason) => remove.mutateAsync({ params: { seasonId, batchId: row.id }, body: { reason } }),
      }}
    />
  );
}

interface BatchModalProps {
  readonly seasonId: string;
  readonly batch: BatchView | null;
  readonly onClose: () => void;
}

function BatchModal({ seasonId, batch, onClose }: BatchModalProps) {
  const add = useCommand(addBatch, { onDone: onClose });
  const change = useCommand(changeBatch, { onDone: onClose });
  const submit = ({ code, name, level, art }: Fields) => {
    const body = { code, name, level, art };
    if (batch) change.mutate({ params: { seasonId, batchId: batch.id }, body });
    else add.mutate({ params: { seasonId }, body });
  };
  return (
    <FormModal<Fields>
      title={batch ? `修改批次“${batch.name}”` : '新建批次'}
      initialValues={batch ?? { code: '', name: '', level: 'undergraduate', art: false }}
      busy={add.isPending || change.isPending}
      error={add.error ?? change.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Form.Item
        name="code"
        label="代码"
        extra="投档数据里的批次代码"
        rules={[{ required: true, message: '请填写代码' }]}
      >
        <Input maxLength={20} autoFocus />
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
    </FormModal>
  );
}
