import { Link } from '@tanstack/react-router';
import { useNow } from '#ui/clock';
import { formatNear } from '#ui/format';
import { useCan } from '#ui/session';
import type { WorkView } from '../work.contract.ts';
import { overdueWords } from './words.ts';

const SHOWN = 6;

/** Who was promised a call, the earliest first: the next pull brings those that are due. */
export function PromisedCalls({ work: { callbacks } }: { readonly work: WorkView }) {
  const now = useNow('second');
  const mine = callbacks.filter((callback) => callback.mine);
  if (mine.length === 0) return null;
  return (
    <section className="zz-promised" aria-label="约好的回电">
      <h3>约好的回电 {mine.length} 个，到时间的先拨</h3>
      <ol>
        {mine.slice(0, SHOWN).map(({ callbackId, candidateName, dueAt, note }) => (
          <li key={callbackId}>
            <b>{candidateName}</b>
            <span className={dueAt <= now ? 'zz-over' : ''}>
              {dueAt <= now ? overdueWords((now - dueAt) / 1000) : formatNear(dueAt, now)}
            </span>
            <span className="zz-note">{note}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

const elsewhere = [
  ['/escalations', '转出的考生', 'escalation.read', { view: 'handed_over' }],
  ['/withdrawals', '等交材料的退档申请', 'withdrawal.read', { state: 'letter_sent' }],
  ['/candidates', '我的考生', 'candidate.read', {}],
] as const;

/** Nobody to call: other work that may wait. */
export function WhatElse() {
  const can = {
    'escalation.read': useCan('escalation.read'),
    'withdrawal.read': useCan('withdrawal.read'),
    'candidate.read': useCan('candidate.read'),
  };
  return (
    <p className="zz-note zz-elsewhere">
      等的时候可以看看：
      {elsewhere.map(
        ([to, label, permission, search]) =>
          can[permission] && (
            <Link key={to} to={to} search={search as never}>
              {label}
            </Link>
          ),
      )}
    </p>
  );
}
