import './candidate.css';
import { Link } from '@tanstack/react-router';
import { Alert, Tag } from 'antd';
import { provinceName } from '#season/rules';
import { useRoute } from '#ui/api';
import { DetailDrawer } from '#ui/detail-drawer';
import { ErrorNote } from '#ui/error-note';
import { formatDateTime, formatNear } from '#ui/format';
import { Loading } from '#ui/states';
import { type CandidateFile, candidateFile, MISSING_LABELS } from '../contract.ts';
import { CaseTag, PolicyTag } from './case-tags.tsx';
import { ContactsTab } from './contacts-tab.tsx';
import { FileActions } from './file-actions.tsx';
import { HistoryTab } from './history-tab.tsx';
import { InfoTab } from './info-tab.tsx';
import { MaterialsTab } from './materials-tab.tsx';
import { MergeButton } from './merge-button.tsx';
import { ScoresTab } from './scores-tab.tsx';
import { WithdrawButton } from './withdraw-button.tsx';

export interface CandidateDrawerProps {
  readonly id: string;
  readonly onClose: () => void;
  /** The neighbours on the page of the list below. */
  readonly previous?: (() => void) | undefined;
  readonly next?: (() => void) | undefined;
}

/** One file over the list: five tabs, everything masked, what identifies is shown by reason. */
export function CandidateDrawer({ id, onClose, previous, next }: CandidateDrawerProps) {
  const file = useRoute(candidateFile, { params: { id } });
  const data = file.data;
  if (!data) {
    return (
      <DetailDrawer open onClose={onClose} title="考生档案">
        {file.error ? (
          <ErrorNote error={file.error} onRetry={() => void file.refetch()} />
        ) : (
          <Loading rows={8} />
        )}
      </DetailDrawer>
    );
  }
  return (
    <DetailDrawer
      open
      onClose={onClose}
      size={760}
      title={`${data.name}　${data.candidateNo}`}
      extra={
        <div className="zz-page-extra">
          <WithdrawButton file={data} />
          <MergeButton file={data} />
          <FileActions file={data} />
        </div>
      }
      onPrevious={previous}
      onNext={next}
      summary={<Summary file={data} />}
      tabs={[
        { key: 'info', label: '基本信息', content: () => <InfoTab file={data} /> },
        { key: 'scores', label: '志愿与成绩', content: () => <ScoresTab file={data} /> },
        { key: 'contacts', label: '联系记录', content: () => <ContactsTab file={data} /> },
        { key: 'materials', label: '材料', content: () => <MaterialsTab id={id} /> },
        { key: 'history', label: '操作日志', content: () => <HistoryTab id={id} /> },
      ]}
    />
  );
}

/** What one needs on every tab: policy, place, where the work stands. */
function Summary({ file }: { readonly file: CandidateFile }) {
  const current = file.cases.at(-1);
  return (
    <>
      {file.mergedInto && (
        <Alert
          type="warning"
          showIcon
          title={`这份档案已并入考生号 ${file.merge?.otherNo ?? '另一份档案'}，仅供查看。`}
          action={
            <Link to="/candidates" search={{ open: file.mergedInto } as never}>
              打开保留的档案
            </Link>
          }
        />
      )}
      <div className="zz-file-summary">
        <PolicyTag withdrawable={file.withdrawable} />
        <span>
          {provinceName(file.provinceCode)} · {file.batchName}
        </span>
        <span>{file.majorName ?? '未定专业'}</span>
        <CaseTag row={current ?? { state: null, disposition: null }} />
        {current?.ownerName && <span className="zz-note">回访员 {current.ownerName}</span>}
        {current?.deadlineAt && (
          <span className="zz-note">截止 {formatNear(current.deadlineAt, Date.now())}</span>
        )}
        {file.minor && <Tag color="warning">未成年人，查看会记录</Tag>}
        {file.approval && (
          <span className="zz-note">
            联系由 {file.approval.name} 于 {formatDateTime(file.approval.at)} 批准
          </span>
        )}
        {file.missing.map((flag) => (
          <Tag key={flag} color="warning">
            {MISSING_LABELS[flag]}
          </Tag>
        ))}
      </div>
    </>
  );
}
