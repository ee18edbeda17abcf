import './call.css';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { RELATION_LABELS } from '#candidate/contract';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { recordPlaybook } from '../playbook.contract.ts';
import {
  PLAYBOOK_OUTCOME_LABELS,
  PLAYBOOK_OUTCOMES,
  type PlaybookOutcome,
  type PlaybookRoute,
  type PlaybookStep,
  ROUTE_RULES,
  ROUTES,
  recordGap,
  STEP_RULES,
} from '../playbook.rules.ts';

type Relation = keyof typeof RELATION_LABELS;

interface FormProps {
  readonly caseId: string;
  readonly step: PlaybookStep;
  readonly shielded: boolean;
  readonly onDone: () => void;
}

/** One step written down: whom one asked, what came of it, and the number with its ground. */
export function PlaybookForm({ caseId, step, shielded, onDone }: FormProps) {
  const byHand = STEP_RULES[step].recordedBy === 'hand';
  const [route, setRoute] = useState<PlaybookRoute>('village');
  const [outcome, setOutcome] = useState<PlaybookOutcome>(byHand ? 'nothing' : 'not_applicable');
  const [detail, setDetail] = useState('');
  const [number, setNumber] = useState('');
  const [relation, setRelation] = useState<Relation>('other');
  const [basis, setBasis] = useState('履行录取告知，由对方主动提供');
  const save = useCommand(recordPlaybook, { renews: ['follow-up', 'escalations', 'queue'], onDone });
  const routed = step === 'directory' ? route : null;
  const found = byHand && outcome === 'found';
  const given = { step, route: routed, outcome, detail: detail.trim() };
  const withNumber = found && number.trim() !== '';
  const gap = recordGap({ ...given, number: withNumber, shielded });
  const submit = () =>
    save.mutate({
      params: { caseId },
      body: {
        ...given,
        number: withNumber ? { number: number.trim(), relation, contactName: '', basis } : null,
      },
    });
  return (
    <div className="zz-fields" style={{ marginBlock: 8 }}>
      {step === 'directory' && (
        <Pick
          label="路线"
          value={route}
          onChange={setRoute}
          options={ROUTES.map((one) => [one, ROUTE_RULES[one].label])}
        />
      )}
      {step === 'directory' && <p className="zz-note zz-field-wide">{ROUTE_RULES[route].guidance}</p>}
      {byHand && (
        <Pick
          label="结果"
          value={outcome}
          onChange={setOutcome}
          options={PLAYBOOK_OUTCOMES.map((one) => [one, PLAYBOOK_OUTCOME_LABELS[one]])}
        />
      )}
      <div className="zz-field-wide">
        情况
        <Input
          aria-label="情况"
          placeholder="问了谁，答复是什么"
          maxLength={500}
          value={detail}
          onChange={(event) => setDetail(event.target.value)}
        />
      </div>
      {found && (
        <>
          <div>
            找到的号码
            <Input
              aria-label="找到的号码"
              placeholder="没有可不填"
              inputMode="tel"
              maxLength={30}
              value={number}
              onChange={(event) => setNumber(event.target.value)}
            />
          </div>
          <Pick
            label="与考生关系"
            value={relation}
            onChange={setRelation}
            options={Object.entries(RELATION_LABELS) as [Relation, string][]}
          />
          <div className="zz-field-wide">
            使用依据
            <Input
              aria-label="使用依据"
              maxLength={200}
              value={basis}
              onChange={(event) => setBasis(event.target.value)}
            />
          </div>
        </>
      )}
      {save.error && <ErrorNote error={save.error} />}
      <div className="zz-field-wide">
        <Button type="primary" size="small" disabled={gap !== null} loading={save.isPending} onClick={submit}>
          保存
        </Button>{' '}
        <span className="zz-note">{gap ?? ''}</span>
      </div>
    </div>
  );
}

interface PickProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly onChange: (value: V) => void;
  readonly options: readonly (readonly [V, string])[];
}

function Pick<V extends string>({ label, value, onChange, options }: PickProps<V>) {
  return (
    <div>
      {label}
      <select
        className="zz-select"
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.target.value as V)}
      >
        {options.map(([code, text]) => (
          <option key={code} value={code}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
