import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Modal, Space, Table } from 'antd';
import { useState } from 'react';
import type { RouteReply } from '#platform/http/route';
import { urlOf } from '#ui/api';
import { DropFiles } from '#ui/drop-files';
import { ErrorNote } from '#ui/error-note';
import { Equation } from '#ui/import-steps';
import { useKeyBlock } from '#ui/keyboard';
import { upload } from '#ui/upload';
import { importLeads, leadTemplate } from '../lead.contract.ts';

type Report = RouteReply<typeof importLeads>;

/** 导入报备表: choose, preview, confirm; whole or not at all. */
export function LeadImport({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [report, setReport] = useState<Report | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useKeyBlock(open);
  const send = async (chosen: File, confirm: 'yes' | 'no') => {
    setBusy(true);
    setError(null);
    setFile(chosen);
    try {
      setReport(await upload(importLeads, { query: { confirm } }, { files: [chosen] }));
      if (confirm === 'yes') await client.invalidateQueries({ queryKey: ['leads'] });
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  const close = () => {
    setFile(null);
    setReport(null);
    setError(null);
    onClose();
  };
  const ready =
    report !== null && !report.written && report.rejected === 0 && report.ready + report.disputed > 0;
  return (
    <Modal
      open={open}
      width={720}
      title="导入报备表"
      onCancel={close}
      footer={
        <Space>
          <Button href={urlOf(leadTemplate)}>下载模板</Button>
          <Button onClick={close}>{report?.written ? '完成' : '取消'}</Button>
          <Button
            type="primary"
            disabled={!ready || file === null}
            loading={busy}
            onClick={() => file && void send(file, 'yes')}
          >
            确认导入
          </Button>
        </Space>
      }
    >
      {!report?.written && (
        <DropFiles
          hint="XLSX 或 CSV，至少有考生姓名、报备人账号，以及考生号、身份证号、电话中的一项"
          accept=".xlsx,.csv"
          busy={busy}
          onFiles={([chosen]) => chosen && void send(chosen, 'no')}
        />
      )}
      <ErrorNote error={error} />
      {report && <ReportView report={report} />}
    </Modal>
  );
}

function ReportView({ report }: { readonly report: Report }) {
  return (
    <>
      {report.written && <Alert type="success" showIcon title="已写入，投档名单到校后自动匹配。" />}
      <Equation
        total={{ label: '共', count: report.rows, unit: '行' }}
        parts={[
          { label: '新报备', count: report.ready },
          { label: '有争议', count: report.disputed },
          { label: '已报备过', count: report.known },
          { label: '需修改', count: report.rejected },
        ]}
      />
      {report.findings.length > 0 && (
        <Table
          size="small"
          rowKey="row"
          dataSource={report.findings}
          pagination={{ pageSize: 8, hideOnSinglePage: true }}
          columns={[
            { title: '行号', dataIndex: 'row', width: 80 },
            { title: '问题', dataIndex: 'sentence' },
          ]}
        />
      )}
    </>
  );
}
