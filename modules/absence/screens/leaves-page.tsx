import { PlusOutlined } from '@ant-design/icons';
import { DatePicker, Form, Input, Modal, Tabs } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { z } from 'zod';
import { ActionButton } from '#ui/action-button';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { useKeyBlock } from '#ui/keyboard';
import { Page } from '#ui/page';
import { useCan } from '#ui/session';
import { useUrlState } from '#ui/url-state';
import { requestLeave } from '../contract.ts';
import { DecideTable } from './decide-table.tsx';
import { MyLeaves } from './my-leaves.tsx';

const Search = z.object({ view: z.enum(['decide', 'mine']).optional().catch(undefined) });

/** 请假: one's own, and what waits for one's approval. */
export function LeavesPage() {
  const [search, patch] = useUrlState(Search);
  const [mayAsk, mayDecide] = [useCan('leave.request'), useCan('leave.decide')];
  const [asking, setAsking] = useState(false);
  const view = search.view ?? (mayDecide ? 'decide' : 'mine');
  return (
    <Page
      note="由部门、人事处、招办三个人分别审批。开始那天，在办考生自动交回重新分配。"
      extra={
        <ActionButton
          type="primary"
          can="leave.request"
          icon={<PlusOutlined />}
          onClick={() => setAsking(true)}
        >
          申请请假
        </ActionButton>
      }
    >
      <Tabs
        activeKey={view}
        onChange={(next) => patch({ view: Search.parse({ view: next }).view })}
        destroyOnHidden
        items={[
          ...(mayDecide ? [{ key: 'decide', label: '审批', children: <DecideTable /> }] : []),
          ...(mayAsk ? [{ key: 'mine', label: '我的请假', children: <MyLeaves /> }] : []),
        ]}
      />
      {asking && <RequestForm onClose={() => setAsking(false)} />}
    </Page>
  );
}

interface Values {
  readonly days: [Dayjs, Dayjs];
  readonly reason: string;
}

function RequestForm({ onClose }: { readonly onClose: () => void }) {
  const [form] = Form.useForm<Values>();
  const request = useCommand(requestLeave, { renews: ['absence'], onDone: onClose });
  useKeyBlock(true);
  const save = ({ days: [from, to], reason }: Values) =>
    request.mutate({
      body: { startsOn: from.format('YYYY-MM-DD'), endsOn: to.format('YYYY-MM-DD'), reason },
    });
  return (
    <Modal
      open
      title="申请请假"
      okText="提交"
      confirmLoading={request.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <Form<Values> form={form} layout="vertical" onFinish={save}>
        <Form.Item name="days" label="起止日期" rules={[{ required: true, message: '请选择起止日期' }]}>
          <DatePicker.RangePicker
            className="zz-wide"
            aria-label="起止日期"
            disabledDate={(day) => day.isBefore(dayjs(), 'day')}
          />
        </Form.Item>
        <Form.Item
          name="reason"
          label="原因"
          rules={[{ required: true, min: 4, message: '原因至少 4 个字' }]}
        >
          <Input.TextArea maxLength={200} showCount autoSize={{ minRows: 2 }} />
        </Form.Item>
      </Form>
      <ErrorNote error={request.error} />
    </Modal>
  );
}
