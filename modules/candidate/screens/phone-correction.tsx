import { App, Form, Input, Select } from 'antd';
import { useCommand } from '#ui/api';
import { FormModal } from '#ui/form-modal';
import { type CandidateFile, changePhone, RELATION_LABELS } from '../contract.ts';
import { RELATIONS, type Relation } from '../rules.ts';

interface Fields {
  readonly relation: Relation;
  readonly contactName: string | null;
}

interface PhoneCorrectionProps {
  readonly id: string;
  readonly phone: CandidateFile['phones'][number];
  readonly onClose: () => void;
}

/** 更正: whose number it is. Another number is added, a wrong one is removed with its reason. */
export function PhoneCorrection({ id, phone, onClose }: PhoneCorrectionProps) {
  const { message } = App.useApp();
  const change = useCommand(changePhone, {
    onDone: () => {
      void message.success('已更正');
      onClose();
    },
  });
  return (
    <FormModal<Fields>
      title={`更正 ${phone.masked}`}
      initialValues={{ relation: phone.relation, contactName: phone.contactName }}
      busy={change.isPending}
      error={change.error}
      onSubmit={({ relation, contactName }) =>
        change.mutate({
          params: { id, phoneId: phone.phoneId },
          body: { relation, contactName: contactName?.trim() || null },
        })
      }
      onClose={onClose}
    >
      <Form.Item name="relation" label="机主与考生的关系">
        <Select options={RELATIONS.map((value) => ({ value, label: RELATION_LABELS[value] }))} />
      </Form.Item>
      <Form.Item name="contactName" label="联系人称呼（选填）" extra="例如 王老师、二姨；不要写身份证号。">
        <Input maxLength={30} />
      </Form.Item>
      <p className="zz-note">号码本身有误时，请点“错号”移除，再添加正确的号码，两步都留有依据。</p>
    </FormModal>
  );
}
