import { Modal, Typography } from 'antd';
import { useMemo } from 'react';
import { useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatCount, formatDateTime } from '#ui/format';
import { Loading } from '#ui/states';
import { auditHeads } from '../server/contract.ts';

/** The ends of the chains, for a notice board or a signed paper: 64 signs that stand for the whole log. */
export function AuditHeads({ onClose }: { readonly onClose: () => void }) {
  const { data, error, refetch } = useRoute(auditHeads, undefined);
  const file = useMemo(
    () => data && `data:application/json;charset=utf-8,${encodeURIComponent(JSON.stringify(data))}`,
    [data],
  );
  return (
    <Modal open title="链尾校验值" footer={null} onCancel={onClose} width={620}>
      <p>
        把下面这行校验值登在校内公告或签字存档，文件交系统以外的人保管。以后日志即使被整条改写，用文件一核对就能看出来（运维命令
        verify audit --heads）。
      </p>
      <ErrorNote error={error} onRetry={() => void refetch()} />
      {!data && !error && <Loading rows={2} />}
      {data && (
        <>
          <Typography.Paragraph copyable className="zz-figures">
            {data.digest}
          </Typography.Paragraph>
          <p className="zz-note">
            {`${formatDateTime(data.at)}，共 ${formatCount(data.heads.length)} 条链。`}
            <a href={file} download={`审计日志链尾-${formatDateTime(data.at).slice(0, 10)}.json`}>
              下载链尾文件
            </a>
          </p>
        </>
      )}
    </Modal>
  );
}
