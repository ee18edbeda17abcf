import { App, DatePicker, Form, Input, InputNumber, Radio, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useCommand } from '#ui/api';
import { FormModal } from '#ui/form-modal';
import { changeIncident, type IncidentView, registerIncident } from '../contract.ts';
import { INCIDENT_KIND_LABELS, INCIDENT_KINDS, type IncidentKind } from '../rules.ts';

interface Values {
  readonly kind: IncidentKind;
  readonly title: string;
  readonly foundAt: Dayjs;
  readonly happenedAt?: Dayjs | null;
  readonly dataKinds: string;
  readonly affected?: number | null;
  readonly cause?: string;
  readonly harm?: string;
  readonly measures?: string;
  readonly selfHelp?: string;
  readonly contact: string;
  readonly subjectsTold: boolean;
  readonly subjectsReason?: string;
  readonly reason?: string;
}

interface IncidentFormProps {
  /** Null: a new one. */
  readonly incident: IncidentView | null;
  readonly onClose: () => void;
}

const kinds = INCIDENT_KINDS.map((value) => ({ value, label: INCIDENT_KIND_LABELS[value] }));

/** What is known now; the rest is added later, with a reason. */
export function IncidentForm({ incident, onClose }: IncidentFormProps) {
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const told = Form.useWatch('subjectsTold', form) ?? incident?.subjectsTold ?? true;
  const done = (words: string) => () => {
    void message.success(words);
    onClose();
  };
  const register = useCommand(registerIncident, {
    renews: ['incidents'],
    onDone: done('已登记，时限从发现时刻起算。'),
  });
  const change = useCommand(changeIncident, {
    renews: ['incidents'],
    onDone: done('已保存，前后内容记入日志。'),
  });
  const submit = ({ reason = '', ...values }: Values) => {
    const body = bodyOf(values);
    if (incident) change.mutate({ params: { id: incident.id }, body: { ...body, reason } });
    else register.mutate({ body });
  };
  return (
    <FormModal<Values>
      form={form}
      width={680}
      title={incident ? '补充或更正' : '登记个人信息安全事件'}
      okText={incident ? '保存' : '登记'}
      initialValues={valuesOf(incident)}
      busy={register.isPending || change.isPending}
      error={register.error ?? change.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Form.Item
        name="title"
        label="发生了什么"
        rules={[{ required: true, min: 4, message: '请写明发生了什么，至少 4 个字' }]}
        extra="请不要写考生的姓名和号码。"
      >
        <Input maxLength={100} autoFocus />
      </Form.Item>
      <Form.Item name="kind" label="类型">
        <Select options={kinds} />
      </Form.Item>
      <Form.Item
        name="foundAt"
        label="发现时间"
        rules={[{ required: true, message: '请选择发现时间' }]}
        extra="报告时限从这时起算。"
      >
        <DatePicker showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" />
      </Form.Item>
      <Form.Item name="happenedAt" label="发生时间（知道的话）">
        <DatePicker showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" />
      </Form.Item>
      <Form.Item
        name="dataKinds"
        label="涉及哪些个人信息"
        rules={[{ required: true, min: 2, message: '请写明涉及哪些个人信息' }]}
      >
        <Input maxLength={500} placeholder="例如 考生号、姓名、电话" />
      </Form.Item>
      <Form.Item name="affected" label="涉及人数（不知道先不填）">
        <InputNumber min={0} max={100_000_000} precision={0} />
      </Form.Item>
      <LongText name="cause" label="原因" />
      <LongText name="harm" label="可能造成的危害" />
      <LongText name="measures" label="已采取的补救措施" />
      <LongText name="selfHelp" label="个人可以采取的措施" />
      <Form.Item
        name="contact"
        label="对外的联系方式"
        rules={[{ required: true, min: 2, message: '请写明对外的联系方式' }]}
        extra="写进告知书，写部门和办公电话。"
      >
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item
        name="subjectsTold"
        label="要不要告知个人"
        extra="只有补救措施能够有效避免危害的，才可以不告知；主管部门要求告知的，仍须告知。"
      >
        <Radio.Group
          options={[
            { value: true, label: '告知' },
            { value: false, label: '不需告知' },
          ]}
        />
      </Form.Item>
      {!told && (
        <Form.Item
          name="subjectsReason"
          label="不告知的理由"
          rules={[{ required: true, min: 4, message: '请写明理由，至少 4 个字' }]}
        >
          <Input.TextArea maxLength={500} autoSize={{ minRows: 2, maxRows: 4 }} />
        </Form.Item>
      )}
      {incident && (
        <Form.Item
          name="reason"
          label="修改理由"
          rules={[{ required: true, min: 4, message: '请写明理由，至少 4 个字' }]}
        >
          <Input maxLength={200} />
        </Form.Item>
      )}
    </FormModal>
  );
}

function LongText({ name, label }: { readonly name: keyof Values; readonly label: string }) {
  return (
    <Form.Item name={name} label={label}>
      <Input.TextArea maxLength={2000} autoSize={{ minRows: 2, maxRows: 5 }} />
    </Form.Item>
  );
}

const valuesOf = (incident: IncidentView | null) =>
  incident
    ? {
        ...incident,
        foundAt: dayjs(incident.foundAt),
        happenedAt: incident.happenedAt === null ? null : dayjs(incident.happenedAt),
        subjectsReason: incident.subjectsReason ?? '',
      }
    : { kind: 'leak' as const, foundAt: dayjs(), subjectsTold: true };

const bodyOf = (values: Values) => ({
  kind: values.kind,
  title: values.title,
  foundAt: values.foundAt.valueOf(),
  happenedAt: values.happenedAt?.valueOf() ?? null,
  dataKinds: values.dataKinds,
  affected: values.affected ?? null,
  cause: values.cause ?? '',
  harm: values.harm ?? '',
  measures: values.measures ?? '',
  selfHelp: values.selfHelp ?? '',
  contact: values.contact,
  subjectsReason: values.subjectsTold ? null : (values.subjectsReason ?? ''),
});
