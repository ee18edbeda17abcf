import { PrinterOutlined } from '@ant-design/icons';
import { App, Button, Input, Modal } from 'antd';
import { useState } from 'react';
import { ActionButton } from '#ui/action-button';
import { useCommand } from '#ui/api';
import { DetailDrawer } from '#ui/detail-drawer';
import { ErrorNote } from '#ui/error-note';
import { formatDateTime } from '#ui/format';
import { useKeyBlock } from '#ui/keyboard';
import { useCan } from '#ui/session';
import { makeSummary, saveSummary } from '../contract.ts';
import { type Summary, SummaryFigures } from './summary-figures.tsx';

interface SummaryDrawerProps {
  readonly summary: Summary;
  readonly onClose: () => void;
}

/** One weekly summary: figures, and words that the leader writes until it is sent. */
export function SummaryDrawer({ summary, onClose }: SummaryDrawerProps) {
  const mayWrite = useCan('summary.write');
  const editable = mayWrite && summary.state === 'draft';
  return (
    <DetailDrawer
      open
      onClose={onClose}
      title={`${summary.groupName} ${summary.weekStartsOn} 起一周`}
      extra={
        <Button icon={<PrinterOutlined />} onClick={() => window.print()}>
          打印
        </Button>
      }
    >
      <div className="zz-print">
        <h2 className="zz-print-only">{`${summary.groupName}周报（${summary.weekStartsOn} 起一周）`}</h2>
        <p className="zz-note zz-gap-below">
          {summary.writtenByName} 填写，
          {summary.sentAt ? `${formatDateTime(summary.sentAt)} 发送` : '尚未发送'}
        </p>
        <SummaryFigures figures={summary.figures} />
        {editable ? (
          <Remarks key={summary.id} summary={summary} />
        ) : (
          <>
            <h3>本周说明</h3>
            <p className="zz-remarks">{summary.remarks || '没有填写。'}</p>
          </>
        )}
      </div>
    </DetailDrawer>
  );
}

const REMARKS_MIN = 10;

function Remarks({ summary }: { readonly summary: Summary }) {
  const { message } = App.useApp();
  const [remarks, setRemarks] = useState(summary.remarks);
  const [asking, setAsking] = useState(false);
  useKeyBlock(asking);
  const save = useCommand(saveSummary, {
    onDone: ({ state }) => {
      setAsking(false);
      void message.success(state === 'sent' ? '周报已发送给招办' : '已保存草稿');
    },
  });
  const renew = useCommand(makeSummary, { onDone: () => void message.success('数字已按台账更新') });
  const give = (send: boolean) =>
    save.mutate({ params: { id: summary.id }, body: { remarks: remarks.trim(), send } });
  const missing = REMARKS_MIN - remarks.trim().length;
  return (
    <div className="zz-no-print">
      <h3>本周说明</h3>
      <Input.TextArea
        aria-label="本周说明"
        value={remarks}
        maxLength={5000}
        showCount
        autoSize={{ minRows: 6, maxRows: 16 }}
        placeholder="考生动态、遇到的困难、下周安排"
        onChange={(event) => setRemarks(event.target.value)}
      />
      <ErrorNote error={save.error ?? renew.error} />
      <div className="zz-page-extra zz-gap">
        <ActionButton
          type="primary"
          can="summary.write"
          refused={missing > 0 ? `发送前请补写本周说明，还差 ${missing} 个字。` : null}
          onClick={() => setAsking(true)}
        >
          发送给招办
        </ActionButton>
        <Button loading={save.isPending} onClick={() => give(false)}>
          保存草稿
        </Button>
        <Button
          loading={renew.isPending}
          onClick={() =>
            renew.mutate({ body: { groupId: summary.groupId, weekStartsOn: summary.weekStartsOn } })
          }
        >
          重新生成数字
        </Button>
      </div>
      <Modal
        open={asking}
        title="发送周报"
        okText="发送"
        confirmLoading={save.isPending}
        onCancel={() => setAsking(false)}
        onOk={() => give(true)}
      >
        <p>发送后招办可以查看，数字和说明都不能再改；这一周不能再写第二份。</p>
      </Modal>
    </div>
  );
}
