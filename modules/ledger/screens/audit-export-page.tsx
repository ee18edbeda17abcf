import { useQuery } from '@tanstack/react-query';
import { App, Button, DatePicker, Form, Input } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import type { RouteReply } from '#platform/http/route';
import { api, useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { FormModal } from '#ui/form-modal';
import { formatCount } from '#ui/format';
import { Page } from '#ui/page';
import { Loading } from '#ui/states';
import { useRawUrlState } from '#ui/url-state';
import {
  auditExportPassword,
  decideAuditExport,
  downloadAuditExport,
  estimateAuditExport,
  listAuditExports,
  requestAuditExport,
} from '../contract.ts';
import { DecideModal } from './decide-modal.tsx';
import type { Verdict } from './export-props.tsx';
import { ExportTable } from './export-table.tsx';

const REFRESH_MS = 15_000;
const DAY_FORMAT = 'YYYY-MM-DD';
const REASON_MIN = 4;

/** 导出审计日志: a span of days as a workbook, with the ends of the chains behind its lines. */
export function AuditExportPage() {
  const [search, patch] = useRawUrlState();
  const exports = useRoute(listAuditExports, undefined, { refetchInterval: REFRESH_MS });
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const limit = exports.data?.approvalRows;
  return (
    <Page
      note={`每行带导出标记，末尾附各链链尾的校验值，装在加密压缩包里；只有申请人能下载和查看密码，生成 24 小时后删除。${
        limit === undefined
          ? ''
          : `超过 ${formatCount(limit)} 行须另一名有导出权限的人（督查组或审计管理员）批准。`
      }`}
      extra={
        <Button type="primary" onClick={() => patch({ new: '1' })}>
          导出日志
        </Button>
      }
    >
      <ErrorNote error={exports.error} />
      {exports.isPending ? (
        <Loading rows={6} />
      ) : (
        <ExportTable
          items={exports.data?.items ?? []}
          rangeOf={({ filter }) => `${filter.from} 至 ${filter.to}`}
          routes={{ download: downloadAuditExport, password: auditExportPassword }}
          empty="还没有导出过日志。点“导出日志”，选好日期、写明用途后生成文件。"
          onDecide={setVerdict}
        />
      )}
      {search.new !== undefined && <RequestModal limit={limit} onClose={() => patch({ new: undefined })} />}
      {verdict && <DecideModal {...verdict} route={decideAuditExport} onClose={() => setVerdict(null)} />}
    </Page>
  );
}

interface Values {
  readonly days: readonly [Dayjs, Dayjs];
  readonly reason: string;
}

interface RequestModalProps {
  readonly limit: number | undefined;
  readonly onClose: () => void;
}

function RequestModal({ limit, onClose }: RequestModalProps) {
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const days = Form.useWatch('days', form);
  const range = days && { from: days[0].format(DAY_FORMAT), to: days[1].format(DAY_FORMAT) };
  const estimate = useQuery({
    queryKey: ['audit-estimate', range],
    enabled: Boolean(range),
    queryFn: () => api(estimateAuditExport, { body: range ?? { from: '', to: '' } }),
  });
  const request = useCommand(requestAuditExport, {
    renews: ['audit'],
    onDone: ({ rows, state }) => {
      void message.success(
        state === 'waiting'
          ? `共 ${formatCount(rows)} 行，已提交，等另一人批准。`
          : `共 ${formatCount(rows)} 行，正在生成文件。`,
      );
      onClose();
    },
  });
  const today = dayjs();
  return (
    <FormModal<Values>
      form={form}
      title="导出审计日志"
      okText="申请导出"
      initialValues={{ days: [today.subtract(29, 'day'), today], reason: '' }}
      busy={request.isPending}
      error={request.error ?? estimate.error}
      onSubmit={({ reason }) => range && request.mutate({ body: { ...range, reason } })}
      onClose={onClose}
    >
      <Form.Item name="days" label="日期（含首尾两天）" rules={[{ required: true, message: '请选择日期' }]}>
        <DatePicker.RangePicker className="zz-wide" disabledDate={(day) => day.isAfter(today, 'day')} />
      </Form.Item>
      <p className="zz-consequence" role="status">
        {estimate.data ? estimateWords(estimate.data, limit) : '正在计算行数…'}
      </p>
      <Form.Item
        name="reason"
        label="用途"
        rules={[{ required: true, min: REASON_MIN, message: `请写明用途，至少 ${REASON_MIN} 个字` }]}
        extra="会记入审计日志。"
      >
        <Input.TextArea maxLength={300} autoSize={{ minRows: 2, maxRows: 5 }} />
      </Form.Item>
    </FormModal>
  );
}

function estimateWords(
  { rows, takenAlone, needsApproval, tooMany }: RouteReply<typeof estimateAuditExport>,
  limit = 0,
): string {
  if (rows === 0) return '这段时间没有日志，请换一段时间。';
  const what = `将导出 ${formatCount(rows)} 行。`;
  if (tooMany) return `${what}超过一次导出的上限，请分几段时间导出。`;
  if (!needsApproval) return `${what}申请后直接生成。`;
  const before = takenAlone > 0 ? `您 24 小时内已导出 ${formatCount(takenAlone)} 行，合计` : '';
  return `${what}${before}超过 ${formatCount(limit)} 行，须另一人批准后生成。`;
}
