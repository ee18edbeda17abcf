import { Form, Input, InputNumber, Select } from 'antd';
import { useCommand, useRoute } from '#ui/api';
import { Catalogue } from '#ui/catalogue';
import { FormModal } from '#ui/form-modal';
import { formatCount } from '#ui/format';
import { Empty } from '#ui/states';
import { useUrlState } from '#ui/url-state';
import { type LineView, listLines, removeLine, saveLine } from '../catalogue.contract.ts';
import { listBatches, type SeasonView } from '../contract.ts';
import { provinceName } from '../rules.ts';
import { provinceOptions } from './options.ts';
import { PlaceFilter, ProvinceFilter } from './place-filter.tsx';

/** 往年分数线, which callers read on the call screen. */
export function LineTab({ season }: { readonly season: SeasonView }) {
  const params = { seasonId: season.id };
  const [{ province }, patch] = useUrlState(PlaceFilter);
  const list = useRoute(listLines, { params, query: { provinceCode: province || undefined } });
  const batches = useRoute(listBatches, { params });
  const names = new Map(batches.data?.items.map(({ id, name }) => [id, name]) ?? []);
  const remove = useCommand(removeLine);
  return (
    <Catalogue<LineView>
      list={list}
      can="season.manage"
      newLabel="录入分数线"
      rowKey={(row) => `${row.provinceCode} ${row.batchId} ${row.category} ${row.year}`}
      empty={<Empty text="还没有往年分数线。回访员通话时会看到这里录入的分数。" />}
      tools={
        <ProvinceFilter value={province} onChange={(next) => patch({ province: next }, { replace: true })} />
      }
      columns={[
        { title: '省份', render: (_, row) => provinceName(row.provinceCode), width: 110 },
        { title: '批次', render: (_, row) => names.get(row.batchId) ?? '', width: 160 },
        { title: '科类', dataIndex: 'category', width: 140 },
        { title: '年份', dataIndex: 'year', width: 90 },
        { title: '最低分', dataIndex: 'scoreMin', align: 'right', width: 110 },
        { title: '最低位次', align: 'right', render: (_, row) => formatCount(row.rankMin), width: 130 },
      ]}
      fixedRows
      form={(_line, close) => (
        <LineModal
          season={season}
          batches={[...names].map(([value, label]) => ({ value, label }))}
          onClose={close}
        />
      )}
      removal={{
        title: () => '删除这条分数线',
        consequence: (row) =>
          `${provinceName(row.provinceCode)} ${row.year} 年 ${row.category} ${row.scoreMin} 分，回访员通话时不再看到。`,
        usual: ['录入有误'],
        run: ({ scoreMin: _score, rankMin: _rank, ...key }, reason) =>
          remove.mutateAsync({ params, body: { ...key, reason } }),
      }}
    />
  );
}

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
    <FormModal<LineView>
      title="录入往年分数线"
      okText="保存并继续录入"
      cancelText="关闭"
      form={form}
      initialValues={{ year: season.year - 1 }}
      busy={save.isPending}
      error={save.error}
      onSubmit={submit}
      onClose={onClose}
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
    </FormModal>
  );
}
