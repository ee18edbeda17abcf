import { App, Form, Input, Modal } from 'antd';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { useKeyBlock } from '#ui/keyboard';
import { registerLead } from '../lead.contract.ts';

interface LeadValues {
  readonly name: string;
  readonly candidateNo?: string;
  readonly idNumber?: string;
  readonly phone?: string;
  readonly source: string;
}

/** 报备一名: a name, one fact that can find the candidate later, and where one met. */
export function LeadForm({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const [form] = Form.useForm<LeadValues>();
  const { message } = App.useApp();
  useKeyBlock(open);
  const register = useCommand(registerLead, {
    onDone: ({ state }) => {
      void message.info(state === 'open' ? '已报备。' : '已有他人先报备，已转招办裁定。');
      form.resetFields();
      onClose();
    },
  });
  return (
    <Modal
      open={open}
      title="报备一名意向考生"
      okText="报备"
      confirmLoading={register.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <Form<LeadValues> form={form} layout="vertical" onFinish={(body) => register.mutate({ body })}>
        <Form.Item
          name="name"
          label="考生姓名"
          rules={[{ required: true, min: 2, message: '请填写考生姓名' }]}
        >
          <Input maxLength={40} autoFocus />
        </Form.Item>
        <Form.Item name="candidateNo" label="考生号" extra="考生号、身份证号、电话至少填一项。">
          <Input maxLength={14} inputMode="numeric" />
        </Form.Item>
        <Form.Item name="idNumber" label="身份证号">
          <Input maxLength={18} autoComplete="off" />
        </Form.Item>
        <Form.Item name="phone" label="电话">
          <Input maxLength={20} autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="source"
          label="来源"
          rules={[{ required: true, min: 2, message: '请填写来源，例如现场咨询' }]}
        >
          <Input maxLength={60} />
        </Form.Item>
      </Form>
      <ErrorNote error={register.error} />
    </Modal>
  );
}
