import { Checkbox, DatePicker, Form, Input, InputNumber, Modal, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import type { z } from 'zod';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { useKeyBlock } from '#ui/keyboard';
import { useSession } from '#ui/session';
import { changePerson, createPerson, type PersonRow } from '../contract.ts';
import { grantableBy } from '../rules.ts';
import type { InitialCode } from './initial-code.tsx';
import { kindOptions, roleOptions, useTeamOptions } from './options.tsx';

type Person = z.output<typeof PersonRow>;
type Body = z.input<typeof createPerson.body>;
type Values = Omit<Body, 'expiresOn'> & { readonly expiresOn?: Dayjs | null };

interface PersonFormProps {
  /** null: a new person. */
  readonly person: Person | null;
  readonly onClose: () => void;
  readonly onCreated: (code: InitialCode) => void;
}

/** 新建 and 修改: one form; account and roles only for a new person. */
export function PersonForm({ person, onClose, onCreated }: PersonFormProps) {
  const [form] = Form.useForm<Values>();
  const create = useCommand(createPerson, { renews: ['staff'] });
  const change = useCommand(changePerson, { renews: ['staff'] });
  useKeyBlock(true);
  const save = async (values: Values) => {
    const { username = '', roles = [], ...rest } = values;
    const profile = { ...rest, expiresOn: values.expiresOn?.format('YYYY-MM-DD') ?? null };
    if (person) await change.mutateAsync({ params: { id: person.id }, body: profile });
    else {
      const made = await create.mutateAsync({ body: { ...profile, username, roles } });
      onCreated({
        username: username.trim().toLowerCase(),
        name: values.name,
        initialCode: made.initialCode,
      });
    }
    onClose();
  };
  return (
    <Modal
      open
      width={640}
      title={person ? `修改 ${person.name} 的资料` : '新建账号'}
      okText={person ? '保存' : '新建'}
      confirmLoading={create.isPending || change.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={initialOf(person)}
        onFinish={(values) => void save(values).catch(() => undefined)}
        className="zz-form-grid"
      >
        <PersonFields person={person} />
      </Form>
      <ErrorNote error={create.error ?? change.error} />
    </Modal>
  );
}

function initialOf(person: Person | null): Partial<Values> {
  if (!person)
    return {
      kind: 'teacher',
      openWorkCap: 200,
      experienced: false,
      outstandingLastYear: false,
      skills: [],
      roles: [],
    };
  const { name, kind, unitId, groupId, staffNo, experienced, outstandingLastYear, openWorkCap, skills } =
    person;
  const expiresOn = person.expiresOn ? dayjs(person.expiresOn) : null;
  return {
    name,
    kind,
    unitId,
    groupId,
    staffNo,
    experienced,
    outstandingLastYear,
    openWorkCap,
    skills,
    expiresOn,
  };
}

function PersonFields({ person }: { readonly person: Person | null }) {
  const { groups, units, skills } = useTeamOptions();
  const mine = grantableBy(useSession().roles);
  const kind = Form.useWatch('kind');
  const groupOptions = groups.map(({ value, label, members, capacity }) => ({
    value,
    label: `${label}（${members}/${capacity} 人）`,
    disabled: members >= capacity && value !== person?.groupId,
  }));
  return (
    <>
      {!person && (
        <Form.Item
          name="username"
          label="账号"
          rules={[{ required: true, message: '请填写账号' }]}
          extra="一般用工号或学号"
        >
          <Input maxLength={40} autoFocus autoComplete="off" />
        </Form.Item>
      )}
      <Form.Item name="name" label="姓名" rules={[{ required: true, message: '请填写姓名' }]}>
        <Input maxLength={40} autoComplete="off" />
      </Form.Item>
      <Form.Item name="kind" label="类别" rules={[{ required: true }]}>
        <Select options={kindOptions} />
      </Form.Item>
      <Form.Item name="staffNo" label="工号或学号">
        <Input maxLength={30} />
      </Form.Item>
      <Form.Item name="unitId" label="部门">
        <Select options={units} allowClear showSearch={{ optionFilterProp: 'label' }} placeholder="不选" />
      </Form.Item>
      <Form.Item name="groupId" label="小组">
        <Select
          options={groupOptions}
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          placeholder="不编组"
        />
      </Form.Item>
      <Form.Item name="skills" label="技能">
        <Select mode="multiple" options={skills} placeholder="不选" />
      </Form.Item>
      <Form.Item name="openWorkCap" label="在办考生上限">
        <InputNumber min={0} max={10_000} suffix="人" className="zz-wide" />
      </Form.Item>
      <Form.Item
        name="expiresOn"
        label="有效期至"
        rules={[{ required: kind === 'student', message: '学生账号要填写有效期' }]}
        extra={kind === 'student' ? '到期自动停用，在办考生交回' : '不填为长期'}
      >
        <DatePicker className="zz-wide" disabledDate={(day) => day.isBefore(dayjs(), 'day')} />
      </Form.Item>
      {!person && (
        <Form.Item
          name="roles"
          label="角色"
          extra={mine.size === 0 ? '您不能授予角色，请建好后由安全管理员或招办授予' : undefined}
        >
          <Select
            mode="multiple"
            options={roleOptions.filter(({ value }) => mine.has(value))}
            disabled={mine.size === 0}
          />
        </Form.Item>
      )}
      <Form.Item label="经历">
        <Form.Item name="experienced" valuePropName="checked" noStyle>
          <Checkbox>参加过回访</Checkbox>
        </Form.Item>
        <Form.Item name="outstandingLastYear" valuePropName="checked" noStyle>
          <Checkbox>上年获评优秀</Checkbox>
        </Form.Item>
      </Form.Item>
    </>
  );
}
