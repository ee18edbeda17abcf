import { App, DatePicker, Form, Input, Radio, Tag } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useCommand } from '#ui/api';
import { FormModal } from '#ui/form-modal';
import { barNumberRoute } from '../case.contract.ts';

/** A number of a file, handed over by the page of the candidate. */
export interface FileNumber {
  readonly candidateId: string;
  readonly phoneId: string;
  readonly masked: string;
}

interface Values {
  readonly number?: string;
  readonly reason: string;
  readonly long: boolean;
  readonly lastDay?: Dayjs | null;
}

const USUAL = ['接听人不是考生家人，要求不再拨打', '单位或公共电话，要求不再拨打', '机主投诉，要求不再拨打'];
const REASON_MAX = 200;

/** 登记号码勿拨: which number, why, until when. It holds at once, for every candidate with it. */
export function BarNumberModal({
  chosen,
  onClose,
}: {
  readonly chosen: FileNumber | null;
  readonly onClose: () => void;
}) {
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const long = Form.useWatch('long', form) ?? true;
  const bar = useCommand(barNumberRoute, {
    renews: ['follow-up', 'candidates', 'queue'],
    onDone: ({ masked, candidates }) => {
      void message.success(
        candidates === 0
          ? `号码 ${masked} 已登记勿拨，现在没有在办的考生用这个号码。`
          : `号码 ${masked} 已登记勿拨，涉及 ${candidates} 名在办考生，立即生效。`,
      );
      onClose();
    },
  });
  const submit = ({ number = '', reason, lastDay }: Values) =>
    bar.mutate({
      body: {
        target: chosen ? { candidateId: chosen.candidateId, phoneId: chosen.phoneId } : { number },
        reason,
        lastDay: long ? null : (lastDay?.format('YYYY-MM-DD') ?? null),
      },
    });
  return (
    <FormModal<Values>
      form={form}
      title={chosen ? `登记勿拨 ${chosen.masked}` : '登记号码勿拨'}
      okText="登记勿拨"
      initialValues={{ reason: '', long: true }}
      busy={bar.isPending}
      error={bar.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className="zz-note">
        登记后所有考生名下的这个号码立即不再拨打、不发短信，考生的其他号码照常联系。只有督查组可以解除。考生本人不愿再联系的，请在通话结果里登记“明确拒绝，勿再来电”。
      </p>
      {!chosen && (
        <Form.Item
          name="number"
          label="号码"
          rules={[{ required: true, message: '请填写号码' }]}
          extra="手机号，或带区号的固定电话。"
        >
          <Input autoFocus maxLength={40} autoComplete="off" />
        </Form.Item>
      )}
      <Form.Item label="原因" required extra="至少 4 个字，会记入操作日志。请不要写号码和姓名。">
        <div className="zz-usual">
          {USUAL.map((reason) => (
            <button
              key={reason}
              type="button"
              className="zz-plain"
              onClick={() => form.setFieldValue('reason', reason)}
            >
              <Tag>{reason}</Tag>
            </button>
          ))}
        </div>
        <Form.Item
          name="reason"
          noStyle
          rules={[{ required: true, min: 4, message: '请写明原因，至少 4 个字' }]}
        >
          <Input.TextArea maxLength={REASON_MAX} autoSize={{ minRows: 2, maxRows: 4 }} aria-label="原因" />
        </Form.Item>
      </Form.Item>
      <Form.Item name="long" label="停到什么时候">
        <Radio.Group
          options={[
            { value: true, label: '长期' },
            { value: false, label: '到某一天（含当天）' },
          ]}
        />
      </Form.Item>
      {!long && (
        <Form.Item name="lastDay" rules={[{ required: true, message: '请选择日期' }]}>
          <DatePicker aria-label="停到" disabledDate={(day) => day.isBefore(dayjs(), 'day')} />
        </Form.Item>
      )}
    </FormModal>
  );
}
