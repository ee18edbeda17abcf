import { useQuery } from '@tanstack/react-query';
import { App, Form, Input, Modal, Radio, Select } from 'antd';
import { useState } from 'react';
import type { RouteReply } from '#platform/http/route';
import { PROVINCES } from '#season/rules';
import { api, useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatCount } from '#ui/format';
import { useKeyBlock } from '#ui/keyboard';
import { estimateExport, KIND_LABELS, requestExport } from '../contract.ts';
import { EXPORT_KINDS, type ExportKind, needsReceiver } from '../rules.ts';
import type { BatchOption } from './export-props.tsx';
import { INSIDE, type Outside, RECEIVER_MIN, ReceiverFields } from './receiver-fields.tsx';

const REASON_MIN = 4;
const kindOptions = EXPORT_KINDS.map((value) => ({ value, label: KIND_LABELS[value] }));
const provinceOptions = PROVINCES.map(({ code, short }) => ({ value: code, label: `${short}（${code}）` }));

interface Range {
  readonly provinceCode: string;
  readonly batchId: string;
  /** Chosen in a list; empty: the whole range. */
  readonly candidateIds: readonly string[];
}
export interface RequestModalProps {
  readonly batches: readonly BatchOption[];
  readonly approvalRows: number | undefined;
  readonly start: Range;
  readonly onClose: () => void;
}

/** What, of whom and what for; how many rows that is and whether a second person is needed stands there before asking. */
export function RequestModal({ batches, approvalRows, start, onClose }: RequestModalProps) {
  const [kind, setKind] = useState<ExportKind>(start.candidateIds.length > 0 ? 'ledger' : 'decisions');
  const [range, setRange] = useState(start);
  const [reason, setReason] = useState('');
  const [receiver, setReceiver] = useState<Outside>({ ...INSIDE, outside: needsReceiver(kind) });
  const request = useRequest(onClose);
  const estimate = useEstimate(kind, range);
  useKeyBlock(true);
  const goesOut = receiver.outside || needsReceiver(kind);
  const named = !goesOut || receiver.name.trim().length >= RECEIVER_MIN;
  const send = () =>
    request.mutate({
      body: {
        ...{ kind, filter: filterOf(range), reason: reason.trim() },
        receiver: goesOut ? { name: receiver.name.trim(), basis: receiver.basis } : null,
      },
    });
  const possible = estimate.data !== undefined && estimate.data.rows > 0 && !estimate.data.tooMany;
  return (
    <Modal
      open
      title={start.candidateIds.length > 0 ? `导出选中的 ${start.candidateIds.length} 名考生` : '新建导出'}
      okText="申请导出"
      okButtonProps={{ disabled: reason.trim().length < REASON_MIN || !possible || !named }}
      confirmLoading={request.isPending}
      onOk={send}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <Form layout="vertical">
        <Form.Item label="内容">
          <Radio.Group
            vertical
            options={kindOptions}
            value={kind}
            onChange={({ target }) => setKind(target.value)}
          />
        </Form.Item>
        {start.candidateIds.length === 0 && (
          <RangeFields range={range} batches={batches} onChange={setRange} />
        )}
        <p className="zz-consequence" role="status">
          {estimate.data ? estimateWords(estimate.data, approvalRows) : '正在计算行数…'}
        </p>
        <ErrorNote error={estimate.error} />
        <ReceiverFields
          value={receiver}
          goesOut={goesOut}
          fixed={needsReceiver(kind)}
          onChange={setReceiver}
        />
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

const useEstimate = (kind: ExportKind, range: Range) =>
  useQuery({
    queryKey: ['export-estimate', kind, range],
    queryFn: () => api(estimateExport, { body: { kind, filter: filterOf(range) } }),
    staleTime: 0,
  });

type Estimate = RouteReply<typeof estimateExport>;

function estimateWords(
  { rows, candidates, takenAlone, needsApproval, tooMany }: Estimate,
  limit: number | undefined,
): string {
  if (rows === 0) return '所选范围内没有可导出的记录，请换一个范围或内容。';
  const what = `将导出 ${formatCount(rows)} 行，涉及 ${formatCount(candidates)} 名考生。`;
  if (tooMany) return `${what}超过一次导出的上限，请按省份或批次分开导出。`;
  const before = takenAlone > 0 ? `连同近 24 小时您已导出的 ${formatCount(takenAlone)} 行，` : '';
  const approval = needsApproval
    ? `${before}超过 ${formatCount(limit)} 行，须另一人批准后生成。`
    : '申请后直接生成。';
  return `${what}${approval}文件每行带导出标记，24 小时后删除。`;
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

const filterOf = ({ provinceCode, batchId, candidateIds }: Range) => ({
  ...(candidateIds.length > 0 && { candidateIds: [...candidateIds] }),
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
