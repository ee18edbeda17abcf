import { DownloadOutlined } from '@ant-design/icons';
import { Link, useNavigate } from '@tanstack/react-router';
import { Alert, Button, Result, Table } from 'antd';
import { useState } from 'react';
import { z } from 'zod';
import { ActionButton } from '#ui/action-button';
import { urlOf, useCommand, useRoute } from '#ui/api';
import { DropFiles } from '#ui/drop-files';
import { ErrorNote } from '#ui/error-note';
import { Equation, ImportCounts, ImportSteps } from '#ui/import-steps';
import { Page, Section } from '#ui/page';
import { Loading } from '#ui/states';
import { countedPages } from '#ui/table-bars';
import { upload } from '#ui/upload';
import { useUrlState } from '#ui/url-state';
import {
  confirmStaff,
  FINDINGS_SHOWN,
  importTemplate,
  previewStaff,
  staffErrors,
  uploadStaff,
} from '../import.contract.ts';
import { InitialCodes } from './initial-code.tsx';

type Preview = z.output<typeof uploadStaff.reply>;
type Done = z.output<typeof confirmStaff.reply>;
const Search = z.object({ file: z.string().catch('') });

/** 导入人员: choose, look at what it would do, write all of it or nothing. The upload is in the address and survives a reload. */
export function ImportPage() {
  const [{ file }, patch] = useUrlState(Search);
  const [done, setDone] = useState<Done | null>(null);
  const stage = done ? 'report' : file ? 'preview' : 'choose';
  return (
    <Page
      note="按模板填写，一人一行。账号相同视为同一人：资料更新，角色和资格审查保持不变。"
      extra={
        <Button icon={<DownloadOutlined />} href={urlOf(importTemplate)}>
          下载模板
        </Button>
      }
    >
      <ImportSteps stage={stage}>
        {stage === 'choose' && <Choose onUploaded={(preview) => patch({ file: preview.id })} />}
        {stage === 'preview' && (
          <PreviewStep id={file} onBack={() => patch({ file: undefined })} onDone={setDone} />
        )}
        {done && <Report done={done} />}
      </ImportSteps>
    </Page>
  );
}

function Choose({ onUploaded }: { readonly onUploaded: (preview: Preview) => void }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const send = async (files: readonly File[]) => {
    setBusy(true);
    setError(null);
    try {
      onUploaded(await upload(uploadStaff, undefined, { files: files.slice(0, 1) }));
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <DropFiles
        hint="一个 XLSX 文件，最多 2,000 人、4 MB"
        accept=".xlsx"
        busy={busy}
        onFiles={(files) => void send(files)}
      />
      <ErrorNote error={error} />
    </>
  );
}

interface PreviewStepProps {
  readonly id: string;
  readonly onBack: () => void;
  readonly onDone: (done: Done) => void;
}

function PreviewStep({ id, onBack, onDone }: PreviewStepProps) {
  const preview = useRoute(previewStaff, { params: { id } });
  const confirm = useCommand(confirmStaff, { renews: [], onDone });
  const { data } = preview;
  if (preview.isPending) return <Loading rows={6} />;
  if (!data) return <ErrorNote error={preview.error} onRetry={onBack} />;
  const nothing = data.created + data.updated === 0;
  const refused =
    data.rejected > 0
      ? `有 ${data.rejected} 行需要修改，改好后重新上传`
      : nothing
        ? '表中内容与现有资料完全一致，不用再导入'
        : null;
  return (
    <>
      <ImportCounts
        counts={[
          { label: '新增', count: data.created, unit: '人', tone: 'good' },
          { label: '更新', count: data.updated, unit: '人' },
          { label: '没有变化', count: data.unchanged, unit: '人' },
          { label: '有问题', count: data.rejected, unit: '行', tone: 'warn' },
        ]}
      />
      <Equation
        total={{ label: `${data.fileName} 共`, count: data.rows, unit: '行' }}
        parts={[
          { label: '新增', count: data.created },
          { label: '更新', count: data.updated },
          { label: '没有变化', count: data.unchanged },
          { label: '有问题', count: data.rejected },
        ]}
      />
      {data.newUnits.length > 0 && (
        <Alert
          type="info"
          showIcon
          title={`将新建 ${data.newUnits.length} 个部门：${data.newUnits.map(({ name }) => name).join('、')}`}
        />
      )}
      {data.findingCount > 0 && <Findings data={data} />}
      <ErrorNote error={confirm.error} />
      <div className="zz-page-extra zz-gap">
        <ActionButton
          type="primary"
          loading={confirm.isPending}
          refused={refused}
          onClick={() => confirm.mutate({ params: { id } })}
        >
          确认导入 {data.created + data.updated} 人
        </ActionButton>
        <Button onClick={onBack}>换一个文件</Button>
      </div>
    </>
  );
}

function Findings({ data }: { readonly data: Preview }) {
  return (
    <Section
      title={`需要修改 ${data.findingCount} 处${data.findingCount > FINDINGS_SHOWN ? `，先显示 ${FINDINGS_SHOWN} 处` : ''}`}
      extra={
        <Button icon={<DownloadOutlined />} href={urlOf(staffErrors, { params: { id: data.id } })}>
          下载有问题的行
        </Button>
      }
    >
      <Table
        size="small"
        rowKey={(finding) => `${finding.row} ${finding.column} ${finding.sentence}`}
        dataSource={data.findings}
        pagination={countedPages()}
        columns={[
          { title: '行', dataIndex: 'row', width: 80, align: 'right' },
          { title: '列', dataIndex: 'column', width: 140 },
          { title: '问题', dataIndex: 'sentence' },
        ]}
      />
    </Section>
  );
}

function Report({ done }: { readonly done: Done }) {
  const navigate = useNavigate();
  const [open, setOpen] = useState(done.codes.length > 0);
  return (
    <>
      <Result
        status="success"
        title={`导入完成：新增 ${done.created} 人，更新 ${done.updated} 人，没有变化 ${done.unchanged} 人`}
        subTitle="新人员通过资格审查后才会分到考生。"
        extra={
          <>
            <Button type="primary" onClick={() => void navigate({ to: '/team/people' })}>
              查看人员
            </Button>
            {done.codes.length > 0 && <Button onClick={() => setOpen(true)}>查看初始密码</Button>}
            <Link to="/team/groups">查看小组</Link>
          </>
        }
      />
      <InitialCodes codes={open ? done.codes : []} onClose={() => setOpen(false)} />
    </>
  );
}
