import { Button, Descriptions, Popconfirm, Table, Timeline } from 'antd';
import type { z } from 'zod';
import { useCommand, useRoute } from '#ui/api';
import { DetailDrawer } from '#ui/detail-drawer';
import { ErrorNote } from '#ui/error-note';
import { formatDate, formatDateTime } from '#ui/format';
import { useCan } from '#ui/session';
import { Empty, Loading } from '#ui/states';
import { endPersonSessions, KIND_LABELS, personSessions, readPerson } from '../contract.ts';
import { makesCalls, roleLabel, StateTag, Tags, useTeamOptions } from './options.tsx';

type Person = z.output<typeof readPerson.reply>;

/** One person over the list: profile, sign-ins, what changed. */
export function PersonDrawer({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const person = useRoute(readPerson, { params: { id } });
  const maySeeSessions = useCan('staff.disable');
  const { data } = person;
  return (
    <DetailDrawer
      open
      onClose={onClose}
      title={data ? `${data.name}（${data.username}）` : '人员'}
      {...(data ? { extra: <StateTag state={data.state} /> } : {})}
      tabs={
        data
          ? [
              { key: 'basics', label: '基本信息', content: () => <Basics person={data} /> },
              ...(maySeeSessions
                ? [{ key: 'sessions', label: '登录', content: () => <Sessions id={id} /> }]
                : []),
              { key: 'log', label: '变更记录', content: () => <Changes person={data} /> },
            ]
          : []
      }
    >
      <ErrorNote error={person.error} onRetry={() => void person.refetch()} />
      {person.isPending && <Loading rows={6} />}
    </DetailDrawer>
  );
}

function Basics({ person }: { readonly person: Person }) {
  const { skillName } = useTeamOptions();
  const qualified = person.qualifiedAt
    ? `已通过（${formatDate(person.qualifiedAt)}，${person.qualifiedBy ?? '系统'}）`
    : makesCalls(person)
      ? '未通过，暂不能分配考生'
      : '不参加回访，不需要';
  const past = [person.experienced && '参加过回访', person.outstandingLastYear && '上年获评优秀']
    .filter(Boolean)
    .join('，');
  const facts: [string, React.ReactNode][] = [
    ['类别', KIND_LABELS[person.kind]],
    ['工号或学号', person.staffNo ?? '未填'],
    ['部门', person.unitName ?? '未填'],
    ['小组', person.groupName ?? '未编组'],
    ['角色', <Tags key="roles" words={person.roles.map(roleLabel)} />],
    ['技能', <Tags key="skills" words={person.skills.map(skillName)} />],
    ['经历', past || '无'],
    ['资格审查', qualified],
    ['在办考生上限', `${person.openWorkCap} 人`],
    ['有效期至', person.expiresOn ?? '长期'],
    ['动态口令', person.factorEnrolled ? '已绑定' : '未绑定'],
    ['最近登录', person.lastSeenAt ? formatDateTime(person.lastSeenAt) : '从未登录'],
    ...(person.removedReason ? ([['退出回访原因', person.removedReason]] as [string, string][]) : []),
  ];
  return (
    <Descriptions
      size="small"
      bordered
      column={2}
      items={facts.map(([label, children]) => ({ key: label, label, children }))}
    />
  );
}

function Sessions({ id }: { readonly id: string }) {
  const sessions = useRoute(personSessions, { params: { id } });
  const end = useCommand(endPersonSessions, { renews: ['staff'] });
  const open = sessions.data?.items.filter(({ endedAt }) => endedAt === null).length ?? 0;
  return (
    <>
      <Popconfirm
        title={`结束 ${open} 处登录？`}
        description="此人会立即退出，需要重新登录。"
        okText="全部结束"
        onConfirm={() => end.mutate({ params: { id } })}
      >
        <Button danger disabled={open === 0} loading={end.isPending}>
          结束全部登录
        </Button>
      </Popconfirm>
      <ErrorNote error={sessions.error ?? end.error} />
      <Table
        className="zz-gap"
        size="small"
        rowKey="id"
        loading={sessions.isPending}
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={sessions.data?.items ?? []}
        locale={{ emptyText: <Empty text="还没有登录过。" /> }}
        columns={[
          { title: '登录时间', dataIndex: 'createdAt', render: formatDateTime },
          { title: '最近使用', dataIndex: 'lastSeenAt', render: formatDateTime },
          {
            title: '结束',
            dataIndex: 'endedAt',
            render: (at: number | null) => (at === null ? '在线' : formatDateTime(at)),
          },
          { title: '网络地址', dataIndex: 'ip', render: (ip: string | null) => ip ?? '未知' },
        ]}
      />
    </>
  );
}

const actionWords: Readonly<Record<string, string>> = {
  'account.created': '新建账号',
  'account.roles_changed': '调整角色',
  'account.password_reset': '重置密码',
  'account.factor_reset': '解除动态口令',
  'account.disabled': '停用账号',
  'account.enabled': '启用账号',
  'person.changed': '修改资料',
  'person.qualified': '资格审查通过',
  'person.disqualified': '取消回访资格',
  'person.removed': '退出回访',
  'session.opened': '登录',
  'session.ended': '退出登录',
  'session.refused': '登录失败',
  'session.locked': '连续失败，账号锁定',
  'session.totp_passed': '动态口令通过',
  'session.code_refused': '动态口令错误',
  'session.totp_enrolled': '绑定动态口令',
  'session.password_changed': '修改密码',
  'session.notice_accepted': '同意信息处理规则',
  'session.all_ended': '结束全部登录',
  'session.confirmed': '再次确认身份',
};

function Changes({ person }: { readonly person: Person }) {
  if (person.history.length === 0) return <Empty text="还没有记录。" />;
  return (
    <Timeline
      items={person.history.map((line) => ({
        key: `${line.at} ${line.action}`,
        content: (
          <>
            <strong>{actionWords[line.action] ?? line.action}</strong> {line.actorName}
            <span className="zz-note"> {formatDateTime(line.at)}</span>
            {line.reason && <div className="zz-note">{line.reason}</div>}
          </>
        ),
      }))}
    />
  );
}
