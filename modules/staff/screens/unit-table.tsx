import { Form, Input, Select } from 'antd';
import type { z } from 'zod';
import { useCommand, useRoute } from '#ui/api';
import { Catalogue } from '#ui/catalogue';
import { FormModal } from '#ui/form-modal';
import { Empty } from '#ui/states';
import { changeUnit, createUnit, listUnits, removeUnit, UNIT_LABELS } from '../team.contract.ts';
import { optionsOf } from './options.tsx';
import { PeopleSelect } from './people-select.tsx';

type Unit = z.output<typeof listUnits.reply>['items'][number];

/** Units, who heads them, and how many they still owe. */
export function UnitTable() {
  const units = useRoute(listUnits);
  const remove = useCommand(removeUnit, { renews: ['staff'] });
  return (
    <Catalogue<Unit>
      list={units}
      can="staff.manage"
      newLabel="新建部门"
      rowKey={(row) => row.id}
      empty={<Empty text="还没有部门。导入人员表时会自动建立表中的部门。" />}
      columns={[
        { title: '部门', dataIndex: 'name' },
        { title: '类别', render: (_value, row) => UNIT_LABELS[row.kind] },
        { title: '负责人', render: (_value, row) => row.headName ?? '未登记' },
        { title: '参加教职工', align: 'right', dataIndex: 'people' },
        { title: '其中参加过', align: 'right', dataIndex: 'experienced' },
        {
          title: '选派要求',
          render: (_value, row) => row.quota ?? <span className="zz-note">已满足</span>,
        },
      ]}
      form={(unit, close) => <UnitForm unit={unit} onClose={close} />}
      removal={{
        title: (row) => `删除${row.name}`,
        consequence: () => '部门从列表中消失，名称可以再用；作废的记录和原因保留。还有人员的部门不能删除。',
        refused: (row) => (row.people > 0 ? `还有 ${row.people} 人，请先改到其他部门` : null),
        reasonMin: 4,
        usual: ['部门撤并', '建错了，或与另一个部门重复'],
        run: (row, reason) => remove.mutateAsync({ params: { id: row.id }, body: { reason } }),
      }}
    />
  );
}

type Values = z.input<typeof createUnit.body>;

function UnitForm({ unit, onClose }: { readonly unit: Unit | null; readonly onClose: () => void }) {
  const options = { renews: ['staff'], onDone: onClose };
  const create = useCommand(createUnit, options);
  const change = useCommand(changeUnit, options);
  const save = (body: Values) =>
    unit ? change.mutate({ params: { id: unit.id }, body }) : create.mutate({ body });
  return (
    <FormModal<Values>
      title={unit ? `修改${unit.name}` : '新建部门'}
      initialValues={unit ? { name: unit.name, kind: unit.kind, headId: unit.headId } : { kind: 'school' }}
      busy={create.isPending || change.isPending}
      error={create.error ?? change.error}
      onSubmit={save}
      onClose={onClose}
    >
      <Form.Item name="name" label="名称" rules={[{ required: true, message: '请填写名称' }]}>
        <Input maxLength={40} autoFocus />
      </Form.Item>
      <Form.Item name="kind" label="类别">
        <Select options={optionsOf(UNIT_LABELS)} />
      </Form.Item>
      <Form.Item name="headId" label="负责人" extra="请假的第一关由部门负责人审批。">
        <PeopleSelect holds="unit_head" currentName={unit?.headName ?? null} placeholder="暂不登记" />
      </Form.Item>
    </FormModal>
  );
}
