import { App, Form, Input, Modal, Radio, Select } from 'antd';
import { useState } from 'react';
import { PROVINCES } from '#season/rules';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatCount } from '#ui/format';
import { useKeyBlock } from '#ui/keyboard';
import { KIND_LABELS, requestExport } from '../contract.ts';
import { EXPORT_KINDS, type ExportKind } from '../rules.ts';
import type { BatchOption } from './export-props.tsx';

const REASON_MIN = 4;
const kindOptions = EXPORT_KINDS.map((value) => ({ value, label: KIND_LABELS[value] }));
const provinceOptions = PROVINCES.map(({ code, short }) => ({ value: code, label: `${short}（${code}）` }));

interface Range {
  readonly provinceCode: string;
  readonly batchId: string;
}
export interface RequestModalProps {
  readonly batches: readonly BatchOption[];
  readonly approvalRows: number | undefined;
  readonly start: Range;
  readonly onClose: () => void;
}

/** What, of whom and what for; the server counts the rows and says whether a second person is needed. */
export function RequestModal({ batches, approvalRows, start, onClose }: RequestModalProps) {
  const [kind, setKind] = useState<ExportKind>('decisions');
  const [range, setRange] = useState(start);
  const [reason, setReason] = useState('');
  const request = useRequest(onClose);
  useKeyBlock(true);
  const send = () => request.mutate({ body: { kind, filter: filterOf(range), reason: reason.trim() } });
  return (
    <Modal
      open
      title="新建导出"
      okText="申请导出"
      okButtonProps={{ disabled: reason.trim().length < REASON_MIN }}
      confirmLoading={request.isPending}
      onOk={send}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <p className="zz-consequence">
        {approvalRows === undefined
          ? '行数超过规定时须另一人批准。'
          : `不超过 ${formatCount(approvalRows)} 行直接生成，超过须另一人批准。`}
        文件每行带导出标记，能查到这次申请。
      </p>
      <Form layout="vertical">
        <Form.Item label="内容">
          <Radio.Group
            vertical
            options={kindOptions}
            value={kind}
            onChange={({ target }) => setKind(target.value)}
          />
        </Form.Item>
        <RangeFields range={range} batches={batches} onChange={setRange} />
        <Form.Item label="用途" required extra={`至少 ${REASON_MIN} 个字，会记入操作日志。`}>
          <Input.TextArea
            aria-label="用途"
            value={reason}
            maxLength={300}
            autoSize={{ minRows: 2, maxRows: 5 }}
            onChange={(event) => setReason(event.target.value)}
          />
        </Form.Item>
      </Form>
      <ErrorNote error={request.error} />
    </Modal>
  );
}

function useRequest(onClose: () => void) {
  const { message } = App.useApp();
  return useCommand(requestExport, {
    renews: ['exports'],
    onDone: ({ rows, state }) => {
      void message.success(
        state === 'waiting'
          ? `共 ${formatCount(rows)} 行，已提交，等另一人批准。`
          : `共 ${formatCount(rows)} 行，正在生成文件。`,
      );
      onClose();
    },
  });
}

const filterOf = ({ provinceCode, batchId }: Range) => ({
  ...(provinceCode && { provinceCode }),
  ...(batchId && { batchId }),
});

interface RangeFieldsProps {
  readonly range: Range;
  readonly batches: readonly BatchOption[];
  readonly onChange: (range: Range) => void;
}

function RangeFields({ range, batches, onChange }: RangeFieldsProps) {
  return (
    <>
      <Form.Item label="省份">
        <Select
          aria-label="省份"
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          placeholder="全部省份"
          options={provinceOptions}
          value={range.provinceCode || null}
          onChange={(code) => onChange({ ...range, provinceCode: code ?? '' })}
        />
      </Form.Item>
      <Form.Item label="批次">
        <Select
          aria-label="批次"
          allowClear
          placeholder="全部批次"
          options={[...batches]}
          value={range.batchId || null}
          onChange={(id) => onChange({ ...range, batchId: id ?? '' })}
        />
      </Form.Item>
    </>
  );
}
