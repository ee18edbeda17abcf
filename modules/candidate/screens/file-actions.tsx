import { DownOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Button, Dropdown } from 'antd';
import { useState } from 'react';
import type { RowAction } from '#ui/row-actions';
import { useCan } from '#ui/session';
import type { CandidateFile } from '../contract.ts';
import { EscalateModal } from './escalate-modal.tsx';
import { ReassignModal } from './reassign-modal.tsx';

/** 来电查找 takes the last digits of a candidate number. */
const DIGITS = 4;

/** What can be done about a candidate from here: call, hand over, reassign. */
export function FileActions({ file }: { readonly file: CandidateFile }) {
  const navigate = useNavigate();
  const [moving, setMoving] = useState(false);
  const [handing, setHanding] = useState(false);
  const may = {
    call: useCan('queue.work'),
    escalate: useCan('escalation.open'),
    move: useCan('assignment.change'),
    escalations: useCan('escalation.read'),
  };
  const current = openCase(file);
  const go = (to: string, search: Readonly<Record<string, string>>) => () =>
    void navigate({ to: to as never, search: search as never });
  const callPage = go('/queue', { inbound: file.candidateNo.slice(-DIGITS) });
  const none = current ? null : '当前阶段没有在办的回访任务';
  const isEscalated = current?.state === 'escalated';
  const all: (RowAction & { readonly shown: boolean })[] = [
    { key: 'call', label: '打开通话页面', shown: may.call, refused: none, run: callPage },
    {
      key: 'escalate',
      label: isEscalated ? '看转交情况' : '转交',
      shown: isEscalated ? may.escalations : may.escalate,
      refused: none ?? (current?.state === 'leased' ? '正在通话中，请在通话页面转交' : null),
      run: isEscalated ? go('/escalations', { view: 'all' }) : () => setHanding(true),
    },
    { key: 'move', label: '改派', shown: may.move, refused: none, run: () => setMoving(true) },
  ];
  const shown = all.filter((action) => action.shown);
  if (shown.length === 0 || file.mergedInto) return null;
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: shown.map(({ key, label, refused }) => ({
            key,
            label: refused ? `${label}（${refused}）` : label,
            disabled: Boolean(refused),
          })),
          onClick: ({ key }) => shown.find((action) => action.key === key)?.run(),
        }}
      >
        <Button size="small" type="primary">
          办理 <DownOutlined />
        </Button>
      </Dropdown>
      {handing && current && (
        <EscalateModal caseId={current.id} name={file.name} onClose={() => setHanding(false)} />
      )}
      {moving && (
        <ReassignModal ids={[file.id]} onMoved={() => setMoving(false)} onClose={() => setMoving(false)} />
      )}
    </>
  );
}

/** The case of the present phase, when it has no result yet. */
const openCase = ({ cases }: CandidateFile): CandidateFile['cases'][number] | undefined =>
  cases.findLast(({ state }) => state !== 'final');
