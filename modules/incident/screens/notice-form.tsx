import { Alert, App, DatePicker, Form, Input, Radio } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useEffect, useEffectEvent } from 'react';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { FormModal } from '#ui/form-modal';
import { type IncidentView, incidentDraft, recordNotice } from '../contract.ts';
import { AUDIENCE_LABELS, AUDIENCES, type Audience } from '../rules.ts';

interface Values {
  readonly audience: Audience;
  readonly receiver: string;
  readonly channel: string;
  readonly body: string;
  readonly sentAt: Dayjs;
}

const audiences = AUDIENCES.map((value) => ({ value, label: AUDIENCE_LABELS[value] }));

/** 告知: the draft is made from the facts; it is sent outside the platform, and here it is written down that it was. */
export function NoticeForm({
  incident,
  onClose,
}: {
  readonly incident: IncidentView;
  readonly onClose: () => void;
}) {
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const audience = Form.useWatch('audience', form) ?? 'authority';
  const draft = useRoute(incidentDraft, { params: { id: incident.id, audience } });
  const fill = useEffectEvent((text: string) => form.setFieldValue('body', text));
  useEffect(() => {
    if (draft.data) fill(draft.data.text);
  }, [draft.data]);
  const record = useCommand(recordNotice, {
    renews: ['incidents'],
    onDone: () => {
      void message.success('已登记告知。');
      onClose();
    },
  });
  const missing = draft.data?.missing ?? [];
  return (
    <FormModal<Values>
      form={form}
      width={680}
      title="登记告知"
      okText="已经告知，登记"
      initialValues={{ audience: 'authority', receiver: '', channel: '', body: '', sentAt: dayjs() }}
      busy={record.isPending}
      error={record.error}
      onSubmit={({ sentAt, ...rest }) =>
        record.mutate({ params: { id: incident.id }, body: { ...rest, sentAt: sentAt.valueOf() } })
      }
      onClose={onClose}
    >
      <Form.Item name="audience" label="告知谁">
        <Radio.Group options={audiences} />
      </Form.Item>
      <ErrorNote error={draft.error} onRetry={() => void draft.refetch()} />
      {missing.length > 0 && (
        <Alert
          showIcon
          type="warning"
          title={`告知书还缺：${missing.join('、')}。请先在“补充或更正”里写好，或直接在下面补上。`}
        />
      )}
      <Form.Item
        name="body"
        label="告知书（草稿由登记内容生成，可以修改；复制出去发送，平台不代发）"
        rules={[{ required: true, min: 10, message: '请填写告知的内容' }]}
        extra="保存时其中的电话号码自动打码。"
      >
        <Input.TextArea maxLength={5000} autoSize={{ minRows: 8, maxRows: 16 }} />
      </Form.Item>
      <Form.Item
        name="receiver"
        label="告知了谁"
        rules={[{ required: true, min: 2, message: '请写明告知了谁' }]}
      >
        <Input maxLength={200} placeholder="例如 省委网信办；受影响的 120 名考生" />
      </Form.Item>
      <Form.Item name="channel" label="方式" rules={[{ required: true, min: 2, message: '请写明告知方式' }]}>
        <Input maxLength={100} placeholder="例如 书面报告、短信、学校网站公告" />
      </Form.Item>
      <Form.Item name="sentAt" label="告知时间" rules={[{ required: true, message: '请选择告知时间' }]}>
        <DatePicker showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" />
      </Form.Item>
    </FormModal>
  );
}
