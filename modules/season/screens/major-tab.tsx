import { Button, Form, Input, InputNumber, Modal, Select, Switch, Table, Tag } from 'antd';
import { useState } from 'react';
import type { z } from 'zod';
import { ActionButton } from '#ui/action-button';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatCount, formatMoney } from '#ui/format';
import { ReasonModal } from '#ui/reason-modal';
import { Empty } from '#ui/states';
import {
  addMajor,
  changeMajor,
  listMajors,
  type MajorFields,
  type MajorView,
  removeMajor,
} from '../catalogue.contract.ts';
import { LEVEL_LABELS } from '../contract.ts';
import { levelOptions } from './batch-tab.tsx';

/** 专业 with tuition and seats. */
export function MajorTab({ seasonId }: { readonly seasonId: string }) {
  const list = useRoute(listMajors, { params: { seasonId } });
  const [edited, setEdited] = useState<MajorView | 'new' | null>(null);
  const [removed, setRemoved] = useState<MajorView | null>(null);
  const remove = useCommand(removeMajor);
  return (
    <>
      <div className="zz-toolbar">
        <div className="zz-toolbar-left">
          <ActionButton can="season.manage" type="primary" onClick={() => setEdited('new')}>
            新建专业
          </ActionButton>
        </div>
        <span className="zz-note">各省的专业代号随投档数据导入，按省份、批次、科类分别对应。</span>
      </div>
      <ErrorNote error={list.error} />
      <Table<MajorView>
        size="middle"
        rowKey="id"
        loading={list.isPending}
        dataSource={list.data?.items ?? []}
        pagination={{ pageSize: 20, hideOnSinglePage: true, showTotal: (total) => `共 ${total} 条` }}
        locale={{ emptyText: <Empty text="还没有专业。学费会出现在话术里，请按招生章程填写。" /> }}
        columns={[
          { title: '代码', dataIndex: 'code', width: 110 },
          { title: '名称', dataIndex: 'name' },
          { title: '层次', render: (_, row) => LEVEL_LABELS[row.level], width: 100 },
          { title: '类别', render: (_, row) => (row.art ? <Tag>艺术</Tag> : '普通'), width: 100 },
          {
            title: '学费（元/年）',
            align: 'right',
            render: (_, row) => formatMoney(row.tuitionFen),
            width: 150,
          },
          { title: '计划数', align: 'right', render: (_, row) => formatCount(row.seats), width: 110 },
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
        <MajorModal
          seasonId={seasonId}
          major={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
      <ReasonModal
        open={removed !== null}
        onClose={() => setRemoved(null)}
        title={`删除专业“${removed?.name ?? ''}”`}
        consequence="有省份专业代号指向的专业不能删除。"
        confirmLabel="删除"
        usual={['今年停招', '录入有误']}
        onConfirm={(reason) =>
          remove.mutateAsync({ params: { seasonId, majorId: removed?.id ?? '' }, body: { reason } })
        }
      />
    </>
  );
}

interface MajorModalProps {
  readonly seasonId: string;
  readonly major: MajorView | null;
  readonly onClose: () => void;
}

type Fields = Omit<z.output<typeof MajorFields>, 'tuitionFen'> & { readonly tuitionYuan: number };

function MajorModal({ seasonId, major, onClose }: MajorModalProps) {
  const [form] = Form.useForm<Fields>();
  const add = useCommand(addMajor, { onDone: onClose });
  const change = useCommand(changeMajor, { onDone: onClose });
  const submit = ({ code, name, level, art, seats, tuitionYuan }: Fields) => {
    const body = { code, name, level, art, seats, tuitionFen: Math.round(tuitionYuan * 100) };
    if (major) change.mutate({ params: { seasonId, majorId: major.id }, body });
    else add.mutate({ params: { seasonId }, body });
  };
  const initial = major
    ? { ...major, tuitionYuan: major.tuitionFen / 100 }
    : { code: '', name: '', level: 'undergraduate', art: false, seats: 0 };
  return (
    <Modal
      open
      title={major ? `修改专业“${major.name}”` : '新建专业'}
      okText="保存"
      onOk={() => form.submit()}
      onCancel={onClose}
      confirmLoading={add.isPending || change.isPending}
    >
      <Form<Fields> form={form} layout="vertical" onFinish={submit} initialValues={initial}>
        <Form.Item name="code" label="专业代码" rules={[{ required: true, message: '请填写代码' }]}>
          <Input maxLength={20} placeholder="例如 040106" />
        </Form.Item>
        <Form.Item name="name" label="专业名称" rules={[{ required: true, min: 2, message: '请填写名称' }]}>
          <Input maxLength={80} />
        </Form.Item>
        <Form.Item name="level" label="层次">
          <Select options={levelOptions} />
        </Form.Item>
        <Form.Item
          name="tuitionYuan"
          label="学费（元/年）"
          rules={[{ required: true, message: '请按章程填写学费' }]}
        >
          <InputNumber min={0} max={1_000_000} precision={2} style={{ width: 160 }} />
        </Form.Item>
        <Form.Item name="seats" label="计划数" rules={[{ required: true, message: '请填写计划数' }]}>
          <InputNumber min={0} max={100_000} precision={0} style={{ width: 160 }} />
        </Form.Item>
        <Form.Item name="art" label="艺术类" valuePropName="checked">
          <Switch />
        </Form.Item>
        <ErrorNote error={add.error ?? change.error} />
      </Form>
    </Modal>
  );
}
