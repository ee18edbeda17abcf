import { Tag } from 'antd';
import type { z } from 'zod';
import { LEAVE_LABELS, type myLeaves } from '../contract.ts';
import { STEP_LABELS } from '../rules.ts';

export type Leave = z.output<typeof myLeaves.reply>['items'][number];

const colours = {
  requested: 'processing',
  approved: 'success',
  rejected: 'error',
  ended: 'default',
} as const;

export function LeaveState({ leave }: { readonly leave: Leave }) {
  return <Tag color={colours[leave.state]}>{LEAVE_LABELS[leave.state]}</Tag>;
}

/** 部门 郑院 · 人事处 待批 · 招办 待批 */
export function Approvals({ leave }: { readonly leave: Leave }) {
  return (
    <span className="zz-tags">
      {leave.approvals.map(({ step, by }) => (
        <Tag key={step} color={by ? 'success' : 'default'}>
          {STEP_LABELS[step]} {by ?? (leave.state === 'requested' ? '待批' : '未批')}
        </Tag>
      ))}
      {leave.rejectedBy && (
        <span>
          {leave.rejectedBy}：{leave.decisionNote}
        </span>
      )}
    </span>
  );
}

export const daysOf = ({ startsOn, endsOn }: Leave): string =>
  startsOn === endsOn ? startsOn : `${startsOn} 至 ${endsOn}`;
