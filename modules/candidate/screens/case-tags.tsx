import './candidate.css';
import { Tag } from 'antd';
import { CASE_STATE_LABELS, DISPOSITION_LABELS } from '#follow-up/contract';

const COLOURS: Readonly<Record<string, string>> = {
  uncalled: 'default',
  confirmed: 'success',
  considering: 'warning',
  unreachable: 'default',
  withdrawing: 'error',
};

interface CaseLike {
  readonly state: string | null;
  readonly disposition: string | null;
}

/** What the candidate wants, and where the work on it stands; in words, the colour only helps. */
export function CaseTag({ row }: { readonly row: CaseLike }) {
  if (!row.state || !row.disposition) return <span className="zz-note">未放出</span>;
  return (
    <span className="zz-case">
      <Tag color={COLOURS[row.disposition] ?? 'default'}>
        {DISPOSITION_LABELS[row.disposition as keyof typeof DISPOSITION_LABELS] ?? row.disposition}
      </Tag>
      <span className="zz-note">
        {CASE_STATE_LABELS[row.state as keyof typeof CASE_STATE_LABELS] ?? row.state}
      </span>
    </span>
  );
}

/** 可退档 or 不可退档, worded; null: nobody has entered the policy. */
export function PolicyTag({ withdrawable }: { readonly withdrawable: boolean | null }) {
  if (withdrawable === null) return <Tag>未设</Tag>;
  return withdrawable ? <Tag color="processing">可退档</Tag> : <Tag color="purple">不可退档</Tag>;
}
