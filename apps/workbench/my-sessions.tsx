import { Button, Popconfirm, Table, Tag } from 'antd';
import { mySessions } from '#platform/session/contract';
import { useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatDateTime } from '#ui/format';
import { Page, Section } from '#ui/page';
import { useLeave } from './user-menu.tsx';

/** 我的会话: where this account is signed in, and one click to end it everywhere. */
export function MySessions() {
  const sessions = useRoute(mySessions);
  const { endAll } = useLeave();
  return (
    <Page
      note="如果看到不认识的电脑或地址，请立即结束全部会话并修改密码。"
      extra={
        <Popconfirm
          title="结束全部会话？"
          description="包括这一个，需要重新登录。"
          okText="全部结束"
          onConfirm={endAll}
        >
          <Button danger>结束全部会话</Button>
        </Popconfirm>
      }
    >
      <ErrorNote error={sessions.error} onRetry={() => void sessions.refetch()} />
      <Section>
        <Table
          rowKey="id"
          loading={sessions.isPending}
          pagination={false}
          dataSource={sessions.data?.items ?? []}
          columns={[
            {
              title: '设备',
              render: (_value, row) => (
                <>
                  {deviceWords(row.userAgent)} {row.current && <Tag color="processing">当前</Tag>}
                </>
              ),
            },
            { title: '地址', render: (_value, row) => row.ip ?? '未知' },
            { title: '登录时间', render: (_value, row) => formatDateTime(row.createdAt) },
            { title: '最近活动', render: (_value, row) => formatDateTime(row.lastSeenAt) },
          ]}
        />
      </Section>
    </Page>
  );
}

const systems = [
  [/Windows/, 'Windows'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
] as const;
const browsers = [
  [/MicroMessenger/, '微信'],
  [/Edg\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
] as const;

/** System and browser in two words, for people who look for a device that is not theirs. */
export function deviceWords(userAgent: string | null): string {
  const named = (list: readonly (readonly [RegExp, string])[]) =>
    list.find(([mark]) => mark.test(userAgent ?? ''))?.[1];
  return [named(systems), named(browsers)].filter(Boolean).join(' · ') || '未知设备';
}
