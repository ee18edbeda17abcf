import { Table } from 'antd';
import { Section } from '#ui/page';
import { conflictsOf, grantersOf, ROLES, type Role, totpRequired } from '../rules.ts';
import { roleLabel, Tags } from './options.tsx';

const excludedBy = (role: Role): string[] =>
  ROLES.filter((other) => other !== role && conflictsOf([role, other]).length > 0).map(roleLabel);

/** 角色说明: who grants it, what it excludes, whether it needs a second factor. From the same table as the server's. */
export function RoleTable() {
  return (
    <Section>
      <Table
        size="small"
        rowKey={(role) => role}
        dataSource={[...ROLES]}
        pagination={false}
        columns={[
          { title: '角色', render: (_value, role: Role) => roleLabel(role), width: 160 },
          {
            title: '由谁授予',
            render: (_value, role: Role) =>
              grantersOf(role).map(roleLabel).join('、') || '部署人员在服务器命令行设立',
            width: 220,
          },
          { title: '不能同时担任', render: (_value, role: Role) => <Tags words={excludedBy(role)} /> },
          {
            title: '动态口令',
            render: (_value, role: Role) => (totpRequired([role]) ? '必须' : '可选'),
            width: 100,
          },
        ]}
      />
    </Section>
  );
}
