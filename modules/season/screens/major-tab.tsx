import { Form, Input, InputNumber, Select, Switch, Tag } from 'antd';
import type { z } from 'zod';
import { useCommand, useRoute } from '#ui/api';
import { Catalogue } from '#ui/catalogue';
import { FormModal } from '#ui/form-modal';
import { formatCount, formatMoney } from '#ui/format';
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
import { levelOptions } from './options.ts';

/** 专业 with tuition and seats. */
export function MajorTab({ seasonId }: { readonly seasonId: string }) {
  const list = useRoute(listMajors, { params: { seasonId } });
  const remove = useCommand(removeMajor);
  return (
    <Catalogue<MajorView>
      list={list}
      can="season.manage"
      newLabel="新建专业"
      rowKey={(row) => row.id}
      empty={<Empty text="还没有专业。学费会出现在话术里，请按招生章程填写。" />}
      tools={<span className="zz-note">省里投档用的专业代号在“各省专业代号”里对应到这里的专业。</span>}
      columns={[
        { title: '代码', dataIndex: 'code', width: 110 },
        { title: '名称', dataIndex: 'name' },
        { title: '层次', render: (_, row) => LEVEL_LABELS[row.level], width: 100 },
        { title: '类别', render: (_, row) => (row.art ? <Tag>艺术</Tag> : '普通'), width: 100 },
        {
          title: '学费（每年）',
          align: 'right',
          render: (_, row) => formatMoney(row.tuitionFen),
          width: 150,
        },
        { title: '计划数', align: 'right', render: (_, row) => formatCount(row.seats), width: 110 },
      ]}
      form={(major, close) => <MajorModal seasonId={seasonId} major={major} onClose={close} />}
      removal={{
        title: (row) => `删除专业“${row.name}”`,
        consequence: () => '有省份专业代号指向的专业不能删除。',
        usual: ['今年停招', '录入有误'],
        run: (row, reason) => remove.mutateAsync({ params: { seasonId, majorId: row.id }, body: { reason } }),
      }}
    />
  );
}

interface MajorModalProps {
  readonly seasonId: string;
  readonly major: MajorView | null;
  readonly onClose: () => void;
}

type Fields = Omit<z.output<typeof MajorFields>, 'tuitionFen'> & { readonly tuitionYuan: number };

function MajorModal({ seasonId, major, onClose }: MajorModalProps) {
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
    <FormModal<Fields>
      title={major ? `修改专业“${major.name}”` : '新建专业'}
      initialValues={initial}
      busy={add.isPending || change.isPending}
      error={add.error ?? change.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Form.Item name="code" label="专业代码" rules={[{ required: true, message: '请填写代码' }]}>
        <Input maxLength={20} placeholder="例如 040106" autoFocus />
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
    </FormModal>
  );
}
