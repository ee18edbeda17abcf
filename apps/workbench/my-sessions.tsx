import { Button, Popconfirm, Table, Tag } from 'antd';
import { useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatDateTime } from '#ui/format';
import { Page, Section } from '#ui/page';
import { sessionRoutes } from './session-routes.ts';
import { useLeave } from './user-menu.tsx';

/** 我的会话: where this account is signed in, and one click to end it everywhere. */
export function MySessions() {
  const sessions = useRoute(sessionRoutes.list, {});
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
                  {row.device ?? '未知设备'} {row.current && <Tag color="blue">当前</Tag>}
                </>
              ),
            },
            { title: '地址', render: (_value, row) => row.ip ?? '未知' },
            { title: '登录时间', render: (_value, row) => formatDateTime(row.startedAt) },
            { title: '最近活动', render: (_value, row) => formatDateTime(row.lastSeenAt) },
          ]}
        />
      </Section>
    </Page>
  );
}
