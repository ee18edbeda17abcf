import {
  BellFilled,
  CheckCircleFilled,
  DisconnectOutlined,
  UndoOutlined,
  WarningFilled,
} from '@ant-design/icons';
import { Button } from 'antd';
import { useNow } from '#ui/clock';
import { useConnection } from '#ui/events';
import { formatClock, formatNear } from '#ui/format';
import { KeyCap } from '#ui/keyboard';
import { outcomeLabel } from '../contract.ts';
import type { LeaseData, WorkView } from '../work.contract.ts';
import { ringing } from './ringing.ts';
import type { Undo } from './use-undo.tsx';
import { overdueWords } from './words.ts';

const EXPIRY_WARNING_MS = 3 * 60_000;

interface NoticeLineProps {
  readonly work: WorkView;
  readonly lease?: LeaseData;
  readonly message: string | null;
  readonly say: (message: string | null) => void;
  readonly undo: Undo;
}

/** One line of fixed height at the top: what went wrong, what can be taken back, who waits for a call. Never a dialog. */
export function NoticeLine({ work, lease, message, say, undo }: NoticeLineProps) {
  return (
    <div className="zz-call-notice" role="status" aria-live="polite">
      {message ? (
        <p className="zz-call-problem">
          <WarningFilled /> <span>{message}</span>
          <Button size="small" type="text" onClick={() => say(null)}>
            知道了
          </Button>
        </p>
      ) : (
        <UndoBar undo={undo} />
      )}
      <Connection />
      {lease && <Expiry lease={lease} />}
      <Alarm work={work} leased={lease?.case.id ?? null} />
    </div>
  );
}

function UndoBar({ undo: { offer, left, run } }: { readonly undo: Undo }) {
  if (!offer) return <p className="zz-call-calm" />;
  return (
    <p className="zz-call-undo">
      <CheckCircleFilled />
      <span>
        已登记 {offer.candidateName}：<b>{outcomeLabel(offer.outcome)}</b> →{' '}
        {offer.consequence.replace(/^.*? → /, '')}
      </span>
      <Button size="small" icon={<UndoOutlined />} onClick={run}>
        撤销 <KeyCap chord="Z" /> {left} 秒
      </Button>
    </p>
  );
}

/** Offline the whole workbench says so at its edge; here only the case that the server does not answer. */
function Connection() {
  if (useConnection() !== 'reconnecting') return null;
  return (
    <p className="zz-call-alarm">
      <DisconnectOutlined /> <span>与服务器断开，正在重连；写的内容留在本页</span>
    </p>
  );
}

function Expiry({ lease }: { readonly lease: LeaseData }) {
  const now = useNow('second');
  const left = lease.expiresAt - now;
  if (left > EXPIRY_WARNING_MS) return null;
  return (
    <p className="zz-call-alarm">
      <WarningFilled />{' '}
      <span>
        {left > 0
          ? `占用还剩 ${formatClock(left / 1000)}，正在续期`
          : '占用已超时：拨过的这一通会转为“补填结果”，备注一并留下'}
      </span>
    </p>
  );
}

function Alarm({ work, leased }: { readonly work: WorkView; readonly leased: string | null }) {
  const now = useNow('second');
  const due = ringing(work.callbacks, { now, inHand: leased });
  const [first] = due;
  if (!first) return null;
  const left = Math.ceil((first.dueAt - now) / 1000);
  return (
    <p className="zz-call-alarm">
      <BellFilled />
      <span>
        {first.mine ? '回电：' : '同事的回电：'}
        {first.candidateName} 约 {formatNear(first.dueAt, now).replace('今天 ', '')}，
        {left >= 0 ? `还有 ${left} 秒` : overdueWords(-left)}
        {due.length > 1 && `，另有 ${due.length - 1} 个`}
        {leased !== null && '，本通后优先'}
        {leased === null && work.nothing?.code !== 'outside_hours' && '，按 N 拨'}
      </span>
    </p>
  );
}
