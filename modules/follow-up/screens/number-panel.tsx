import { Input } from 'antd';
import { useState } from 'react';
import { RELATION_LABELS } from '#candidate/contract';
import type { ApiError } from '#ui/api';
import { addNumberRoute } from '../contract.ts';
import { PanelFrame } from './panel-frame.tsx';
import type { DeskPanelProps } from './panel-props.tsx';
import { useWorkCommand } from './use-work.tsx';

type Relation = keyof typeof RELATION_LABELS;
const relations = Object.entries(RELATION_LABELS).filter(([code]) => code !== 'unknown') as [
  Relation,
  string,
][];
const SPOKEN = '通话中由对方告知';

/** A number heard on the phone: typed at once, with whose it is and where it comes from. */
export function NumberPanel({ desk, say }: DeskPanelProps) {
  const [number, setNumber] = useState('');
  const [relation, setRelation] = useState<Relation>('self');
  const [contactName, setContactName] = useState('');
  const [basis, setBasis] = useState(SPOKEN);
  const [error, setError] = useState<string | null>(null);
  const add = useWorkCommand(addNumberRoute, () => {
    desk.open(null);
    say(null);
  });
  const digits = number.replaceAll(/\D/g, '').length;
  const submit = () =>
    add.mutate(
      { params: { leaseId: desk.lease.id }, body: { number, relation, contactName, basis } },
      { onError: (problem: ApiError) => setError(problem.message) },
    );
  const refused =
    error ?? (digits < 7 ? '请输入号码' : basis.trim().length < 2 ? '请写明号码从何而来' : null);
  return (
    <PanelFrame
      title="新号码"
      onClose={() => desk.open(null)}
      onSubmit={submit}
      submitLabel="保存号码"
      busy={add.isPending}
      refused={refused}
    >
      <div className="zz-fields">
        <div>
          号码
          <Input
            autoFocus
            size="large"
            inputMode="tel"
            aria-label="号码"
            maxLength={30}
            value={number}
            onChange={(event) => {
              setNumber(event.target.value);
              setError(null);
            }}
            onPressEnter={(event) => {
              if (!event.ctrlKey && digits >= 7) submit();
            }}
          />
        </div>
        <div>
          与考生关系
          <select
            className="zz-select"
            aria-label="与考生关系"
            value={relation}
            onChange={(event) => setRelation(event.target.value as Relation)}
          >
            {relations.map(([code, label]) => (
              <option key={code} value={code}>
                {label}
              </option>
            ))}
          </select>
        </div>
        <div>
          姓名或称呼
          <Input
            aria-label="姓名或称呼"
            maxLength={40}
            value={contactName}
            onChange={(event) => setContactName(event.target.value)}
          />
        </div>
        <div>
          从何而来
          <Input
            aria-label="从何而来"
            maxLength={200}
            value={basis}
            onChange={(event) => setBasis(event.target.value)}
          />
        </div>
      </div>
      <p className="zz-note">
        回车保存，Tab 到下一项。每个号码都要有来源；确认录取前至少要有 {desk.settings.numbersBeforeConfirmed}{' '}
        个可用号码。
      </p>
    </PanelFrame>
  );
}
