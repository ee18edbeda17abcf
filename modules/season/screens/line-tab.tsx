import { Button, Form, Input, InputNumber, Modal, Select, Table } from 'antd';
import { useState } from 'react';
import { ActionButton } from '#ui/action-button';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatCount } from '#ui/format';
import { ReasonModal } from '#ui/reason-modal';
import { Empty } from '#ui/states';
import { type LineView, listLines, removeLine, saveLine } from '../catalogue.contract.ts';
import { listBatches, type SeasonView } from '../contract.ts';
import { PROVINCES, provinceName } from '../rules.ts';

export const provinceOptions = PROVINCES.map(({ code, short }) => ({
  value: code,
  label: `${code} ${short}`,
}));

/** 往年分数线, which callers read on the call screen. */
export function LineTab({ season }: { readonly season: SeasonView }) {
  const params = { seasonId: season.id };
  const [provinceCode, setProvince] = useState<string | undefined>();
  const list = useRoute(listLines, { params, query: { provinceCode } });
  const batches = useRoute(listBatches, { params });
  const names = new Map(batches.data?.items.map(({ id, name }) => [id, name]) ?? []);
  const [adding, setAdding] = useState(false);
  const [removed, setRemoved] = useState<LineView | null>(null);
  const remove = useCommand(removeLine);
  return (
    <>
      <div className="zz-toolbar">
        <div className="zz-toolbar-left">
          <ActionButton can="season.manage" type="primary" onClick={() => setAdding(true)}>
            录入分数线
          </ActionButton>
          <Select
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            placeholder="全部省份"
            aria-label="按省份筛选"
            style={{ width: 160 }}
            options={provinceOptions}
            value={provinceCode}
            onChange={setProvince}
          />
        </div>
      </div>
      <ErrorNote error={list.error} />
      <Table<LineView>
        size="middle"
        rowKey={(row) => `${row.provinceCode} ${row.batchId} ${row.category} ${row.year}`}
        loading={list.isPending}
        dataSource={list.data?.items ?? []}
        pagination={{ pageSize: 20, hideOnSinglePage: true, showTotal: (total) => `共 ${total} 条` }}
        locale={{ emptyText: <Empty text="还没有往年分数线。回访员通话时会看到这里录入的分数。" /> }}
        columns={[
          { title: '省份', render: (_, row) => provinceName(row.provinceCode), width: 110 },
          { title: '批次', render: (_, row) => names.get(row.batchId) ?? '', width: 160 },
          { title: '科类', dataIndex: 'category', width: 140 },
          { title: '年份', dataIndex: 'year', width: 90 },
          { title: '最低分', dataIndex: 'scoreMin', align: 'right', width: 110 },
          { title: '最低位次', align: 'right', render: (_, row) => formatCount(row.rankMin), width: 130 },
          {
            title: '操作',
            width: 100,
            render: (_, row) => (
              <Button type="link" size="small" danger onClick={() => setRemoved(row)}>
                删除
              </Button>
            ),
          },
        ]}
      />
      {adding && (
        <LineModal
          season={season}
          batches={[...names].map(([value, label]) => ({ value, label }))}
          onClose={() => setAdding(false)}
        />
      )}
      <ReasonModal
        open={removed !== null}
        onClose={() => setRemoved(null)}
        title="删除这条分数线"
        consequence={
          removed &&
          `${provinceName(removed.provinceCode)} ${removed.year} 年 ${removed.category} ${removed.scoreMin} 分。`
        }
        confirmLabel="删除"
        usual={['录入有误']}
        onConfirm={(reason) => {
          const { scoreMin: _score, rankMin: _rank, ...key } = removed ?? EMPTY;
          return remove.mutateAsync({ params, body: { ...key, reason } });
        }}
      />
    </>
  );
}

const EMPTY: LineView = { provinceCode: '', batchId: '', category: '', year: 0, scoreMin: 0, rankMin: null };

interface LineModalProps {
  readonly season: SeasonView;
  readonly batches: { value: string; label: string }[];
  readonly onClose: () => void;
}

function LineModal({ season, batches, onClose }: LineModalProps) {
  const [form] = Form.useForm<LineView>();
  const save = useCommand(saveLine, { onDone: () => form.resetFields(['category', 'scoreMin', 'rankMin']) });
  const submit = (line: LineView) =>
    save.mutate({ params: { seasonId: season.id }, body: { ...line, rankMin: line.rankMin ?? null } });
  const required = [{ required: true, message: '请填写' }];
  return (
    <Modal
      open
      title="录入往年分数线"
      okText="保存并继续录入"
      cancelText="关闭"
      onOk={() => form.submit()}
      onCancel={onClose}
      confirmLoading={save.isPending}
    >
      <Form<LineView>
        form={form}
        layout="vertical"
        onFinish={submit}
        initialValues={{ year: season.year - 1 }}
      >
        <Form.Item name="provinceCode" label="省份" rules={required}>
          <Select showSearch={{ optionFilterProp: 'label' }} options={provinceOptions} />
        </Form.Item>
        <Form.Item name="batchId" label="批次" rules={required}>
          <Select options={batches} />
        </Form.Item>
        <Form.Item name="category" label="科类" rules={required}>
          <Input placeholder="例如 物理类、历史类、文史、理工、艺术" maxLength={20} />
        </Form.Item>
        <Form.Item name="year" label="年份" rules={required}>
          <InputNumber min={2000} max={season.year - 1} />
        </Form.Item>
        <Form.Item name="scoreMin" label="最低分" rules={required}>
          <InputNumber min={0} max={1000} step={1} />
        </Form.Item>
        <Form.Item name="rankMin" label="最低位次（可不填）">
          <InputNumber min={1} max={10_000_000} precision={0} />
        </Form.Item>
        <ErrorNote error={save.error} />
      </Form>
    </Modal>
  );
}
