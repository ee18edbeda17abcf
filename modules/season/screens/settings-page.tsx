import { App, Button, Flex, Form, InputNumber, Switch, Tabs } from 'antd';
import { useState } from 'react';
import { ActionButton } from '#ui/action-button';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatDateTime } from '#ui/format';
import { Page, Section } from '#ui/page';
import { ReasonModal } from '#ui/reason-modal';
import { Empty, Loading } from '#ui/states';
import {
  boundsOf,
  DEFAULT_SETTINGS,
  type FollowUpSettings,
  settingChanges,
  settingIssues,
} from '../rules.ts';
import { changeSettings, getSettings, Settings, settingsHistory } from '../settings.contract.ts';
import { changeText, SETTING_GROUPS, type SettingField } from './settings-fields.tsx';
import { useActiveSeason } from './use-season.tsx';

/** 回访规则: every figure with its bounds; a change shows its difference, asks why, and becomes a new version. */
export function SettingsPage() {
  const { season, error } = useActiveSeason();
  return (
    <Page note={season ? `${season.name}。改动从下一次领号、提交起生效，已领取的不受影响。` : undefined}>
      <ErrorNote error={error} />
      {season === undefined && !error && <Loading rows={8} />}
      {season === null && <Empty text="还没有招生季，请先到“设置 > 招生季”新建。" />}
      {season && (
        <Tabs
          items={[
            { key: 'now', label: '当前规则', children: <Current seasonId={season.id} /> },
            { key: 'history', label: '修改记录', children: <History seasonId={season.id} /> },
          ]}
        />
      )}
    </Page>
  );
}

function Current({ seasonId }: { readonly seasonId: string }) {
  const { data, error } = useRoute(getSettings, { params: { seasonId } });
  if (error) return <ErrorNote error={error} />;
  if (!data) return <Loading rows={12} />;
  return (
    <SettingsForm key={data.version} seasonId={seasonId} version={data.version} settings={data.settings} />
  );
}

interface SettingsFormProps {
  readonly seasonId: string;
  readonly version: number;
  readonly settings: FollowUpSettings;
}

function SettingsForm({ seasonId, version, settings }: SettingsFormProps) {
  const [form] = Form.useForm<FollowUpSettings>();
  const { message } = App.useApp();
  const [asking, setAsking] = useState<FollowUpSettings | null>(null);
  const save = useCommand(changeSettings, {
    onDone: (reply) => void message.success(`已保存为第 ${reply.version} 版`),
  });
  const submit = (fields: FollowUpSettings) => {
    const parsed = Settings.safeParse(fields);
    if (!parsed.success) return void message.error('有数字超出范围，请检查标红的项。');
    const issues = settingIssues(parsed.data);
    if (issues.length > 0) return void message.error(issues.join(''));
    if (settingChanges(settings, parsed.data).length === 0) return void message.info('没有改动。');
    return setAsking(parsed.data);
  };
  return (
    <Form<FollowUpSettings>
      form={form}
      initialValues={settings}
      onFinish={submit}
      layout="vertical"
      requiredMark={false}
      scrollToFirstError={{ block: 'center' }}
    >
      <div className="zz-save-bar">
        <ActionButton can="season.manage" type="primary" htmlType="submit">
          保存改动
        </ActionButton>
        <Button onClick={() => form.resetFields()}>撤销未保存的改动</Button>
        <Button onClick={() => form.setFieldsValue(DEFAULT_SETTINGS)}>填入默认值</Button>
        <span className="zz-note">{version === 0 ? '现在用的是默认规则' : `现在是第 ${version} 版`}</span>
      </div>
      <Flex vertical gap={12}>
        {SETTING_GROUPS.map(({ title, note, fields }) => (
          <Section key={title} title={title}>
            <p className="zz-note" style={{ marginBottom: 12 }}>
              {note}
            </p>
            <div style={GRID}>
              {fields.map((field) => (
                <Figure key={field.path.join('.')} field={field} />
              ))}
            </div>
          </Section>
        ))}
        <Section title="自动短信">
          <Form.Item
            name="automaticSms"
            valuePropName="checked"
            extra="关闭后，没打通时只提示回访员，不自动排短信。"
          >
            <Switch aria-label="没打通时自动排短信" />
          </Form.Item>
        </Section>
        <Section title="未成年考生">
          <Form.Item
            name="minorsOutsideGroups"
            valuePropName="checked"
            extra="关闭时，未成年考生只由负责人和本组联系，组外人员取不到。打开即批准组外人员取用，保存的人是批准人，记入修改记录和年度报告。"
          >
            <Switch aria-label="允许组外人员取用未成年考生" />
          </Form.Item>
        </Section>
      </Flex>
      <ReasonModal
        open={asking !== null}
        onClose={() => setAsking(null)}
        title="修改回访规则"
        consequence={
          asking &&
          settingChanges(settings, asking).map((change) => (
            <span key={change.path.join('.')} style={{ display: 'block' }}>
              {changeText(change)}
            </span>
          ))
        }
        confirmLabel="保存为新版本"
        danger={false}
        usual={['根据本轮接通情况调整', '临近截止，加快节奏', '减少对考生的打扰']}
        onConfirm={(reason) =>
          save.mutateAsync({ params: { seasonId }, body: { settings: asking ?? settings, version, reason } })
        }
      />
    </Form>
  );
}

const GRID = {
  display: 'grid',
  gridTemplateColumns: 'repeat(auto-fill, minmax(248px, 1fr))',
  columnGap: 24,
} as const;

function Figure({ field }: { readonly field: SettingField }) {
  const bounds = boundsOf(field.path) ?? { min: 0, max: 0 };
  const name = field.path.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  return (
    <Form.Item
      name={name}
      label={field.label}
      rules={[
        {
          type: 'integer',
          required: true,
          min: bounds.min,
          max: bounds.max,
          message: `请填 ${bounds.min} 到 ${bounds.max} 的整数`,
        },
      ]}
    >
      <InputNumber precision={0} suffix={field.unit} style={{ width: '100%' }} />
    </Form.Item>
  );
}

function History({ seasonId }: { readonly seasonId: string }) {
  const { data, error } = useRoute(settingsHistory, { params: { seasonId } });
  if (error) return <ErrorNote error={error} />;
  if (!data) return <Loading rows={6} />;
  if (data.items.length === 0) return <Empty text="还没有改过，现在用的是默认规则。" />;
  return (
    <Section>
      {data.items.map((item) => (
        <div key={item.version} style={{ marginBottom: 16 }}>
          <strong>{`第 ${item.version} 版`}</strong> {formatDateTime(item.changedAt)}{' '}
          {item.changedBy ?? '系统'}
          <div className="zz-note">{`原因：${item.reason}`}</div>
          {item.changes.map((change) => (
            <div key={change.path.join('.')}>{changeText(change)}</div>
          ))}
        </div>
      ))}
    </Section>
  );
}
