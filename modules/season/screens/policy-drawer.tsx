import { Alert, App, Button, Form, Input, InputNumber, Radio, Switch } from 'antd';
import { useState } from 'react';
import { useCommand, useRoute } from '#ui/api';
import { DetailDrawer } from '#ui/detail-drawer';
import { ErrorNote } from '#ui/error-note';
import { formatCount, formatDateTime } from '#ui/format';
import { ReasonModal } from '#ui/reason-modal';
import { useCan } from '#ui/session';
import { Empty, Loading } from '#ui/states';
import {
  changePolicy,
  POLICY_LABELS,
  type PolicyFacts,
  type PolicyView,
  policyHistory,
} from '../policy.contract.ts';
import { factChanges, factsOf, needsReason } from '../policy-change.rules.ts';
import { policyIssues, provinceName } from '../rules.ts';
import { InstantField } from './instant-field.tsx';
import { PolicyBadge } from './policy-badge.tsx';

/** Shortens the sentence of a missing fact to what the reader of this very page needs. */
const HERE = /^.+?还没有填写(.+?)，请到“设置 > 各省政策”打开.+?，/;

interface DrawerProps {
  readonly seasonId: string;
  readonly policy: PolicyView;
  readonly onClose: () => void;
}

/** One policy: what is missing, the form, and what was changed when by whom. */
export function PolicyDrawer({ seasonId, policy, onClose }: DrawerProps) {
  const title = `${provinceName(policy.provinceCode)}${policy.districtCode && `（${policy.districtCode}）`} · ${policy.batchName}`;
  return (
    <DetailDrawer
      open
      onClose={onClose}
      title={title}
      extra={<PolicyBadge withdrawable={policy.withdrawable} />}
      summary={
        policy.missing.length > 0 ? (
          <Alert
            type="error"
            showIcon
            title={`还缺 ${policy.missing.length} 项，补齐之前不能放出考生`}
            description={policy.missing.map((sentence) => (
              <div key={sentence}>{sentence.replace(HERE, '$1：')}</div>
            ))}
          />
        ) : null
      }
      tabs={[
        {
          key: 'facts',
          label: '政策',
          content: () => <PolicyForm seasonId={seasonId} policy={policy} onSaved={onClose} />,
        },
        {
          key: 'history',
          label: '修改记录',
          content: () => <History seasonId={seasonId} policyId={policy.id} />,
        },
      ]}
    />
  );
}

interface FormProps {
  readonly seasonId: string;
  readonly policy: PolicyView;
  readonly onSaved: () => void;
}

const choice = (yes: string, no: string) => [
  { value: true, label: yes },
  { value: false, label: no },
];

function PolicyForm({ seasonId, policy, onSaved }: FormProps) {
  const [form] = Form.useForm<PolicyFacts>();
  const { message } = App.useApp();
  const canEdit = useCan('policy.manage');
  const [asking, setAsking] = useState<PolicyFacts | null>(null);
  const [issues, setIssues] = useState<readonly string[]>([]);
  const withdrawable = Form.useWatch('withdrawable', form);
  const save = useCommand(changePolicy, {
    onDone: () => {
      void message.success('已保存');
      onSaved();
    },
  });
  const before = factsOf(policy);
  const send = (facts: PolicyFacts, reason: string | null) =>
    save.mutateAsync({
      params: { seasonId, policyId: policy.id },
      body: { facts, version: policy.version, reason },
    });
  const submit = (fields: PolicyFacts) => {
    const facts = { ...before, ...fields };
    const clean = facts.withdrawable === false ? { ...facts, withdrawalDeadlineAt: null } : facts;
    const found = policyIssues(clean);
    setIssues(found);
    if (found.length > 0) return;
    if (needsReason(factChanges(before, clean))) return setAsking(clean);
    return void send(clean, null).catch(() => undefined);
  };
  return (
    <Form<PolicyFacts>
      form={form}
      layout="vertical"
      disabled={!canEdit}
      initialValues={before}
      onFinish={submit}
    >
      <Form.Item name="withdrawable" label="能否退档">
        <Radio.Group optionType="button" buttonStyle="solid" options={choice('可退档', '不可退档')} />
      </Form.Item>
      {withdrawable !== false && (
        <Form.Item
          name="withdrawalDeadlineAt"
          label="退档截止时间"
          extra="过了这个时间，系统拒绝新的退档申请。"
        >
          <InstantField label="退档截止时间" disabled={!canEdit} />
        </Form.Item>
      )}
      <Form.Item
        name="phoneShielded"
        label="考生电话"
        extra="可退档且屏蔽电话的考生（艺术校考除外）不进普通队列，直接交突击组。"
      >
        <Radio.Group optionType="button" buttonStyle="solid" options={choice('屏蔽', '不屏蔽')} />
      </Form.Item>
      <Form.Item name="newExam" label="高考模式">
        <Radio.Group optionType="button" buttonStyle="solid" options={choice('新高考', '传统高考')} />
      </Form.Item>
      <Form.Item name="artSchoolExam" label="艺术校考批次" valuePropName="checked">
        <Switch />
      </Form.Item>
      <Form.Item name="seats" label="招生计划数">
        <InputNumber min={0} max={100_000} precision={0} style={{ width: 160 }} suffix="人" />
      </Form.Item>
      <Form.Item name="batchStartsAt" label="批次开始时间">
        <InstantField label="批次开始时间" disabled={!canEdit} />
      </Form.Item>
      <Form.Item name="batchEndsAt" label="批次结束时间">
        <InstantField label="批次结束时间" disabled={!canEdit} />
      </Form.Item>
      <Form.Item label="拨打时段（北京时间）" extra="时段以外系统不放号；新疆、西藏默认推后。">
        <Form.Item name="callingFrom" noStyle rules={[{ pattern: CLOCK, message: '写成 09:00 的样子' }]}>
          <Input aria-label="拨打时段从" style={{ width: 90 }} />
        </Form.Item>
        {' 至 '}
        <Form.Item name="callingUntil" noStyle rules={[{ pattern: CLOCK, message: '写成 21:00 的样子' }]}>
          <Input aria-label="拨打时段到" style={{ width: 90 }} />
        </Form.Item>
      </Form.Item>
      {issues.length > 0 && (
        <Alert type="warning" showIcon role="alert" className="zz-gap-below" title={issues.join('')} />
      )}
      <ErrorNote error={asking ? null : save.error} />
      {canEdit && (
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          保存
        </Button>
      )}
      <ReasonModal
        open={asking !== null}
        onClose={() => setAsking(null)}
        title="修改政策"
        consequence={asking && <Changes before={before} after={asking} cases={policy.cases} />}
        confirmLabel="确认修改"
        usual={['省考试院发布新规定', '录入有误，按文件更正', '截止时间调整']}
        onConfirm={(reason) => send(asking ?? before, reason)}
      />
    </Form>
  );
}

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;
const TIMES: ReadonlySet<string> = new Set(['batchStartsAt', 'batchEndsAt', 'withdrawalDeadlineAt']);
const WORDS: Readonly<Record<string, readonly [yes: string, no: string]>> = {
  withdrawable: ['可退档', '不可退档'],
  phoneShielded: ['屏蔽', '不屏蔽'],
  newExam: ['新高考', '传统高考'],
  artSchoolExam: ['是', '否'],
};

/** A fact as a person reads it. */
function factText(field: string, value: unknown): string {
  if (value === null || value === undefined) return '未填写';
  if (TIMES.has(field) && typeof value === 'number') return formatDateTime(value);
  if (typeof value === 'boolean') return WORDS[field]?.[value ? 0 : 1] ?? String(value);
  return String(value);
}

const labelOf = (field: string): string => (POLICY_LABELS as Record<string, string>)[field] ?? field;

interface ChangesProps {
  readonly before: PolicyFacts;
  readonly after: PolicyFacts;
  readonly cases: number;
}

function Changes({ before, after, cases }: ChangesProps) {
  return (
    <>
      {cases > 0 && `该省该批次有 ${formatCount(cases)} 名考生在回访中，回访员马上会看到新的政策。`}
      {factChanges(before, after).map(({ field, before: was, after: now }) => (
        <span key={field} style={{ display: 'block' }}>
          {`${labelOf(field)}：${factText(field, was)} → ${factText(field, now)}`}
        </span>
      ))}
    </>
  );
}

interface HistoryProps {
  readonly seasonId: string;
  readonly policyId: string;
}

function History({ seasonId, policyId }: HistoryProps) {
  const { data, error } = useRoute(policyHistory, { params: { seasonId, policyId } });
  if (error) return <ErrorNote error={error} />;
  if (!data) return <Loading rows={4} />;
  if (data.items.length === 0) return <Empty text="还没有修改记录。" />;
  return (
    <ul style={{ listStyle: 'none', padding: 0 }}>
      {data.items.map((item) => (
        <li key={`${item.at} ${item.action}`} style={{ marginBottom: 16 }}>
          <strong>{formatDateTime(item.at)}</strong> {item.actorName}{' '}
          {item.action === 'policy.created' ? '建立' : '修改'}
          {item.reason && <div className="zz-note">{`原因：${item.reason}`}</div>}
          {item.changes.map(({ field, before, after }) => (
            <div
              key={field}
            >{`${labelOf(field)}：${factText(field, before)} → ${factText(field, after)}`}</div>
          ))}
        </li>
      ))}
    </ul>
  );
}
