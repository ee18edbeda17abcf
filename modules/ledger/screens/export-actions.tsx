import { Space } from 'antd';
import { ActionButton } from '#ui/action-button';
import { urlOf } from '#ui/api';
import { serverNow } from '#ui/clock';
import { useSession } from '#ui/session';
import type { ExportLine, ExportRoutes, Verdict } from './export-props.tsx';
import { PasswordButton } from './password-button.tsx';

interface ExportActionsProps {
  readonly row: ExportLine;
  readonly routes: Pick<ExportRoutes, 'download' | 'password'>;
  readonly onDecide: (verdict: Verdict) => void;
}

/** The one act that fits the state; dead with its reason for those who may not. */
export function ExportActions({ row, routes, onDecide }: ExportActionsProps) {
  const { user } = useSession();
  const mine = row.requestedBy === user.id;
  if (row.state === 'waiting') {
    const refused = mine ? '须由申请人以外的另一人批准。' : null;
    return (
      <Space size="small">
        <ActionButton
          size="small"
          type="primary"
          refused={refused}
          onClick={() => onDecide({ row, approve: true })}
        >
          批准
        </ActionButton>
        <ActionButton size="small" refused={refused} onClick={() => onDecide({ row, approve: false })}>
          不批准
        </ActionButton>
      </Space>
    );
  }
  const refused = whyNoDownload(row, mine);
  const link = refused ? {} : { href: urlOf(routes.download, { params: { id: row.id } } as never) };
  return (
    <Space size="small">
      <ActionButton size="small" refused={refused} {...link}>
        下载
      </ActionButton>
      <PasswordButton id={row.id} route={routes.password} refused={refused} />
    </Space>
  );
}

function whyNoDownload(row: ExportLine, mine: boolean): string | null {
  if (row.state === 'making') return '正在生成，完成后可以下载。';
  if (row.state === 'rejected') return '这次导出没有获批。';
  if (row.state === 'failed')
    return `文件没有生成${row.decisionNote ? `：${row.decisionNote}` : ''}，请重新申请。`;
  if (!mine) return `只有申请人${row.requestedByName}能下载。`;
  const expired = row.expiresAt !== null && row.expiresAt <= serverNow();
  return expired ? '文件已过期删除，需要时请重新申请。' : null;
}
