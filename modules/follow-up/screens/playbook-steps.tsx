import { Button, Tag } from 'antd';
import { useState } from 'react';
import { useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatDateTime } from '#ui/format';
import { useCan } from '#ui/session';
import { Loading } from '#ui/states';
import { DISPOSITION_LABELS } from '../contract.ts';
import { type PlaybookData, readPlaybook } from '../playbook.contract.ts';
import {
  PLAYBOOK_OUTCOME_LABELS,
  type PlaybookStep,
  ROUTE_RULES,
  STEP_RULES,
  STEP_STATE_LABELS,
} from '../playbook.rules.ts';
import { PlaybookForm } from './playbook-form.tsx';

const colours = {
  done: 'success',
  waiting: 'warning',
  not_applicable: 'default',
  next: 'processing',
  open: 'default',
} as const;

/** The way to somebody nobody reaches, step by step: what is done, what comes next, and what was found. */
export function PlaybookSteps({ caseId }: { readonly caseId: string }) {
  const { data, error, refetch } = useRoute(readPlaybook, { params: { caseId } });
  const [open, setOpen] = useState<PlaybookStep | null>(null);
  const can = useCan('playbook.record');
  if (error) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading rows={6} />;
  return (
    <ol className="zz-playbook" style={{ paddingInlineStart: 20, margin: 0 }}>
      {data.steps.map(({ step, state }) => (
        <li key={step} aria-current={state === 'next' ? 'step' : undefined} style={{ marginBlockEnd: 10 }}>
          <b>{STEP_RULES[step].label}</b> <Tag color={colours[state]}>{STEP_STATE_LABELS[state]}</Tag>
          {can && step !== 'hand_over' && (
            <Button size="small" type="link" onClick={() => setOpen(open === step ? null : step)}>
              {open === step ? '收起' : STEP_RULES[step].recordedBy === 'hand' ? '登记' : '不适用'}
            </Button>
          )}
          <div className="zz-note">{STEP_RULES[step].guidance}</div>
          {step === 'same_school' && <Schoolmates data={data} />}
          <Entries data={data} step={step} />
          {open === step && (
            <PlaybookForm caseId={caseId} step={step} shielded={data.shielded} onDone={() => setOpen(null)} />
          )}
        </li>
      ))}
    </ol>
  );
}

const SHOWN = 6;

function Schoolmates({ data }: { readonly data: PlaybookData }) {
  const { schoolName, visible, others } = data.sameSchool;
  if (schoolName === null) return <div className="zz-note">档案里没有毕业中学。</div>;
  const names = visible
    .slice(0, SHOWN)
    .map(
      (mate) =>
        `${mate.candidateName}（${DISPOSITION_LABELS[mate.disposition]}，${mate.ownerName ?? '未分派'}）`,
    );
  return (
    <div>
      {schoolName}：
      {visible.length === 0
        ? '您名下没有同校考生'
        : `${names.join('、')}${visible.length > SHOWN ? ` 等 ${visible.length} 名` : ''}`}
      {others > 0 && `；另有 ${others} 名由其他同事负责，可请组长帮忙`}
    </div>
  );
}

function Entries({ data, step }: { readonly data: PlaybookData; readonly step: PlaybookStep }) {
  const entries = data.entries.filter((entry) => entry.step === step);
  if (entries.length === 0) return null;
  return (
    <ul style={{ paddingInlineStart: 18 }}>
      {entries.map(({ id, route, outcome, detail, phoneMasked, basis, byName, at }) => (
        <li key={id}>
          {route !== null && `${ROUTE_RULES[route].label}：`}
          {PLAYBOOK_OUTCOME_LABELS[outcome]}
          {phoneMasked !== null && ` ${phoneMasked}（依据：${basis ?? ''}）`}
          {detail !== '' && `，${detail}`}
          <span className="zz-note">
            {' '}
            {byName} {formatDateTime(at)}
          </span>
        </li>
      ))}
    </ul>
  );
}
