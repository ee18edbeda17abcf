import { Link, useNavigate } from '@tanstack/react-router';
import { App, Form, Input, Modal, Select, Table, Tabs, Tag } from 'antd';
import { useState } from 'react';
import { listSeasons, PHASE_LABELS, ROUND_LABELS } from '#season/contract';
import { PHASES, ROUNDS } from '#season/rules';
import { ActionButton } from '#ui/action-button';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { Page } from '#ui/page';
import { textOf } from '#ui/search-params';
import { Empty, Loading } from '#ui/states';
import { useRawUrlState } from '#ui/url-state';
import {
  createScript,
  installPack,
  KIND_LABELS,
  listScripts,
  OCCASION_LABELS,
  placeLabel,
  type ScriptLine,
  STATE_LABELS,
} from '../contract.ts';
import { OCCASIONS, type Occasion, type ScriptKind } from '../rules.ts';
import { PhraseTab } from './phrase-tab.tsx';

/** 话术: what is spoken in which situation, what waits for approval, and the list of phrases. */
export function ScriptPage() {
  const seasons = useRoute(listSeasons, undefined);
  const season = seasons.data?.items.find(({ active }) => active) ?? null;
  return (
    <Page note="只有另一位同事审批过的版本会出现在通话页面上。">
      <ErrorNote error={seasons.error} />
      {seasons.isPending && <Loading rows={8} />}
      {seasons.data && !season && <Empty text="还没有招生季，请招办先到“设置 > 招生季”新建。" />}
      {season && <ScriptTabs seasonId={season.id} />}
    </Page>
  );
}

/** What waits for approval is told on its tab, also while another one is open. */
function ScriptTabs({ seasonId }: { readonly seasonId: string }) {
  const [search, patch] = useRawUrlState();
  const { data } = useRoute(listScripts, { query: { seasonId } });
  const labelOf = (kind: ScriptKind): string => {
    const waiting = (data?.items ?? []).filter((row) => row.kind === kind && isWaiting(row)).length;
    return waiting > 0 ? `${KIND_LABELS[kind]}（待审批 ${waiting} 份）` : KIND_LABELS[kind];
  };
  return (
    <Tabs
      activeKey={TABS.find((tab) => tab === textOf(search.tab)) ?? 'call'}
      onChange={(tab) => patch({ tab }, { replace: true })}
      items={[
        { key: 'call', label: labelOf('call'), children: <Scripts seasonId={seasonId} kind="call" /> },
        { key: 'sms', label: labelOf('sms'), children: <Scripts seasonId={seasonId} kind="sms" /> },
        { key: 'phrases', label: '敏感用语', children: <PhraseTab /> },
      ]}
    />
  );
}

const TABS = ['call', 'sms', 'phrases'] as const;

const isWaiting = ({ pending }: ScriptLine): boolean => pending?.state === 'submitted';

interface ScriptsProps {
  readonly seasonId: string;
  readonly kind: ScriptKind;
}

function Scripts({ seasonId, kind }: ScriptsProps) {
  const { message } = App.useApp();
  const [creating, setCreating] = useState(false);
  const list = useRoute(listScripts, { query: { seasonId } });
  const install = useCommand(installPack, {
    renews: ['scripts', 'phrases'],
    onDone: ({ scripts, phrases }) =>
      void message.success(`装入话术 ${scripts} 份、敏感用语 ${phrases} 条；话术需要另一位同事审批后使用。`),
  });
  const rows = (list.data?.items ?? []).filter((row) => row.kind === kind);
  const installButton = (
    <ActionButton
      can="script.write"
      loading={install.isPending}
      onClick={() => install.mutate({ body: { seasonId } })}
    >
      装入默认话术
    </ActionButton>
  );
  return (
    <div className="zz-list-card">
      <div className="zz-toolbar">
        <div className="zz-toolbar-left">
          <ActionButton can="script.write" type="primary" onClick={() => setCreating(true)}>
            {kind === 'call' ? '新建话术' : '新建短信模板'}
          </ActionButton>
          {installButton}
        </div>
        <Waiting rows={rows} />
      </div>
      <ErrorNote error={list.error ?? install.error} />
      <Table<ScriptLine>
        size="middle"
        rowKey="id"
        loading={list.isPending}
        dataSource={rows}
        pagination={false}
        locale={{
          emptyText: <Empty text="还没有话术，可以先装入默认的一套再修改。" action={installButton} />,
        }}
        columns={[
          {
            title: '名称',
            width: 240,
            render: (_, row) => (
              <Link to="/settings/scripts/$scriptId" params={{ scriptId: row.id }}>
                {row.name}
              </Link>
            ),
          },
          { title: '用在什么时候', render: (_, row) => placeLabel(row) },
          { title: '正在使用', width: 140, render: (_, row) => <InForce row={row} /> },
          { title: '新版本', width: 220, render: (_, row) => <Pending row={row} /> },
        ]}
      />
      {creating && (
        <NewScript seasonId={seasonId} kind={kind} rows={rows} onClose={() => setCreating(false)} />
      )}
    </div>
  );
}

function Waiting({ rows }: { readonly rows: readonly ScriptLine[] }) {
  const waiting = rows.filter(isWaiting);
  if (waiting.length === 0) return null;
  const own = waiting.filter(({ pending }) => pending?.mine).length;
  const mine = own > 0 ? `，其中您编写的 ${own} 份须由别人审批` : '，点开名称后可以审批';
  return <span className="zz-note">{`待审批 ${waiting.length} 份${mine}`}</span>;
}

function InForce({ row }: { readonly row: ScriptLine }) {
  if (row.retiredAt !== null) return <Tag>已停用</Tag>;
  if (!row.inForce) return <span className="zz-over">没有</span>;
  return <Tag color="success">{`第 ${row.inForce.version} 版`}</Tag>;
}

const COLORS = {
  draft: 'default',
  submitted: 'warning',
  rejected: 'error',
  approved: 'success',
  retired: 'default',
} as const;

function Pending({ row }: { readonly row: ScriptLine }) {
  const { pending } = row;
  if (!pending || row.retiredAt !== null) return null;
  return (
    <>
      <Tag color={COLORS[pending.state]}>{`第 ${pending.version} 版 ${STATE_LABELS[pending.state]}`}</Tag>
      {pending.flags > 0 && <Tag color="warning">{`敏感用语 ${pending.flags} 处`}</Tag>}
    </>
  );
}

interface NewScriptProps extends ScriptsProps {
  readonly rows: readonly ScriptLine[];
  readonly onClose: () => void;
}

interface Fields {
  readonly name: string;
  readonly policy: 'any' | 'withdrawable' | 'binding';
  readonly phase: (typeof PHASES)[number] | 'any';
  readonly round: (typeof ROUNDS)[number] | 'any';
  readonly occasion: Occasion | 'none';
  readonly copyFrom?: string;
}

const any = { value: 'any', label: '全部' };
const occasions = [
  { value: 'none', label: '由回访员选用' },
  ...OCCASIONS.map((value) => ({ value, label: OCCASION_LABELS[value] })),
];

function NewScript({ seasonId, kind, rows, onClose }: NewScriptProps) {
  const [form] = Form.useForm<Fields>();
  const navigate = useNavigate();
  const phase = Form.useWatch('phase', form);
  const create = useCommand(createScript, {
    onDone: ({ scriptId }) => void navigate({ to: '/settings/scripts/$scriptId', params: { scriptId } }),
  });
  const submit = (fields: Fields) =>
    create.mutate({
      body: {
        seasonId,
        kind,
        name: fields.name,
        withdrawable: fields.policy === 'any' ? null : fields.policy === 'withdrawable',
        phase: fields.phase === 'any' ? null : fields.phase,
        round: fields.phase !== 'filing' || fields.round === 'any' ? null : fields.round,
        occasion: kind !== 'sms' || fields.occasion === 'none' ? null : fields.occasion,
        copyFrom: fields.copyFrom ?? null,
      },
    });
  return (
    <Modal
      open
      title={`新建${KIND_LABELS[kind]}`}
      okText="新建并编写"
      onOk={() => form.submit()}
      onCancel={onClose}
      confirmLoading={create.isPending}
    >
      <Form<Fields>
        form={form}
        layout="vertical"
        onFinish={submit}
        initialValues={{ policy: 'any', phase: 'filing', round: 'any', occasion: 'none' }}
      >
        <Form.Item name="name" label="名称" rules={[{ required: true, min: 2, message: '请填写名称' }]}>
          <Input maxLength={60} placeholder="例如 可退档·集中突破" />
        </Form.Item>
        <Form.Item name="policy" label="政策">
          <Select
            options={[
              any,
              { value: 'withdrawable', label: '可退档' },
              { value: 'binding', label: '不可退档' },
            ]}
          />
        </Form.Item>
        <Form.Item name="phase" label="阶段">
          <Select options={[any, ...PHASES.map((value) => ({ value, label: PHASE_LABELS[value] }))]} />
        </Form.Item>
        {phase === 'filing' && (
          <Form.Item name="round" label="轮次">
            <Select options={[any, ...ROUNDS.map((value) => ({ value, label: ROUND_LABELS[value] }))]} />
          </Form.Item>
        )}
        {kind === 'sms' && (
          <Form.Item name="occasion" label="何时发">
            <Select options={occasions} />
          </Form.Item>
        )}
        <Form.Item name="copyFrom" label="从已有的复制（可不选）">
          <Select allowClear options={rows.map(({ id, name }) => ({ value: id, label: name }))} />
        </Form.Item>
        <ErrorNote error={create.error} />
      </Form>
    </Modal>
  );
}
