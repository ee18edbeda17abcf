import { App, Form, Input, Modal, Select } from 'antd';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { useKeyBlock } from '#ui/keyboard';
import { newPhone, RELATION_LABELS } from '../contract.ts';
import { RELATIONS, type Relation } from '../rules.ts';

interface Fields {
  readonly number: string;
  readonly relation: Relation;
  readonly source: string;
  readonly basis: string;
  readonly contactName?: string;
}

const SOURCES = ['考生本人', '考生家长', '中学老师', '村委 / 社区', '114 查号', '投档单核对'].map(
  (value) => ({ value, label: value }),
);
const BASES = ['考生本人告知', '监护人告知', '履行录取告知所必需', '公开的单位电话'].map((value) => ({
  value,
  label: value,
}));

/** A new number with relation, source and basis: each number says where it came from and why it may be used (个人信息保护法 art. 13). */
export function PhoneForm({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  useKeyBlock(true);
  const add = useCommand(newPhone, {
    onDone: ({ masked }) => {
      message.success(`已添加 ${masked}`);
      onClose();
    },
  });
  const required = (text: string) => [{ required: true, message: text }];
  return (
    <Modal
      open
      title="添加号码"
      okText="添加"
      confirmLoading={add.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form<Fields>
        form={form}
        layout="vertical"
        initialValues={{ relation: 'self', basis: BASES[0]?.value }}
        onFinish={({ contactName, ...body }) =>
          add.mutate({ params: { id }, body: { ...body, ...(contactName ? { contactName } : {}) } })
        }
      >
        <Form.Item
          name="number"
          label="号码"
          rules={required('请输入号码')}
          extra="手机 11 位；固定电话带区号。"
        >
          <Input autoFocus maxLength={40} inputMode="tel" />
        </Form.Item>
        <Form.Item name="relation" label="机主与考生的关系" rules={required('请选择关系')}>
          <Select options={RELATIONS.map((value) => ({ value, label: RELATION_LABELS[value] }))} />
        </Form.Item>
        <Form.Item name="contactName" label="联系人称呼（选填）">
          <Input maxLength={30} />
        </Form.Item>
        <Form.Item name="source" label="从哪里得到" rules={required('请选择来源')}>
          <Select options={SOURCES} />
        </Form.Item>
        <Form.Item name="basis" label="使用依据" rules={required('请选择依据')}>
          <Select options={BASES} />
        </Form.Item>
      </Form>
      <ErrorNote error={add.error} />
    </Modal>
  );
}
