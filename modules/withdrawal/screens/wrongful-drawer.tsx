import './withdrawal.css';
import { Descriptions, Input, Radio, Timeline } from 'antd';
import { useState } from 'react';
import type { RouteReply } from '#platform/http/route';
import { ActionButton } from '#ui/action-button';
import { useCommand, useRoute } from '#ui/api';
import { DetailDrawer } from '#ui/detail-drawer';
import { ErrorNote } from '#ui/error-note';
import { formatDateTime } from '#ui/format';
import { Loading } from '#ui/states';
import { decideWrongful, readWrongful } from '../wrongful.contract.ts';
import { touchWords } from './words.tsx';

type Report = RouteReply<typeof readWrongful>;

export const REPORT_LABELS: Readonly<Record<Report['state'], string>> = {
  open: '待认定',
  confirmed: '误退属实',
  unfounded: '不属误退',
};

/** Two characters and the padding: without it a long finding breaks the labels. */
const LABEL_WIDTH = 80;

interface WrongfulDrawerProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** One report: what happened, who touched it and when, and the finding. */
export function WrongfulDrawer({ id, onClose }: WrongfulDrawerProps) {
  const { data: report, error, refetch } = useRoute(readWrongful, { params: { id } });
  if (!report) {
    return (
      <DetailDrawer open onClose={onClose} title="误退报告">
        {error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : <Loading rows={10} />}
      </DetailDrawer>
    );
  }
  return (
    <DetailDrawer open onClose={onClose} title={`误退报告　${report.candidateName}　${report.candidateNo}`}>
      <Descriptions
        size="small"
        column={1}
        bordered
        styles={{ label: { width: LABEL_WIDTH } }}
        items={[
          { key: 'state', label: '状态', children: REPORT_LABELS[report.state] },
          {
            key: 'who',
            label: '报告',
            children: `${report.reportedByName} ${formatDateTime(report.reportedAt)}`,
          },
          { key: 'what', label: '情况', children: report.description },
          ...(report.finding
            ? [
                {
                  key: 'finding',
                  label: '认定',
                  children: `${report.finding}（${report.decidedByName ?? ''} ${formatDateTime(report.decidedAt)}）`,
                },
              ]
            : []),
        ]}
      />
      <h3 className="zz-trace">经手经过（{report.trace.length} 条）</h3>
      <Timeline
        items={report.trace.map(({ at, who, what }, index) => ({
          key: index,
          content: (
            <>
              <strong>{who}</strong> {touchWords(what)}
              <div className="zz-note">{formatDateTime(at)}</div>
            </>
          ),
        }))}
      />
      {report.state === 'open' && <Decide report={report} />}
    </DetailDrawer>
  );
}

const FINDING_MIN = 10;

function Decide({ report }: { readonly report: Report }) {
  const [confirmed, setConfirmed] = useState<boolean | null>(null);
  const [finding, setFinding] = useState('');
  const decide = useCommand(decideWrongful);
  const missing =
    confirmed === null
      ? '请先选误退是否属实。'
      : finding.trim().length < FINDING_MIN
        ? `请写明认定依据，至少 ${FINDING_MIN} 个字。`
        : null;
  return (
    <section className="zz-papers">
      <h3>认定</h3>
      <Radio.Group
        aria-label="是否属实"
        value={confirmed}
        onChange={(event) => setConfirmed(event.target.value as boolean)}
        options={[
          { value: true, label: '误退属实' },
          { value: false, label: '不属误退' },
        ]}
      />
      <Input.TextArea
        aria-label="认定依据"
        value={finding}
        maxLength={2000}
        showCount
        autoSize={{ minRows: 3, maxRows: 8 }}
        placeholder="依据哪几条记录，责任在哪一步"
        onChange={(event) => setFinding(event.target.value)}
      />
      <ErrorNote error={decide.error} />
      <div className="zz-page-extra">
        <ActionButton
          type="primary"
          can="withdrawal.decide_wrongful"
          refused={missing}
          loading={decide.isPending}
          onClick={() =>
            decide.mutate({
              params: { id: report.id },
              body: { confirmed: confirmed === true, finding: finding.trim() },
            })
          }
        >
          认定
        </ActionButton>
        <span className="zz-note">认定后不能再改，要再输入一次动态口令。</span>
      </div>
    </section>
  );
}
