import { Tabs } from 'antd';
import { z } from 'zod';
import { Page, Section } from '#ui/page';
import { useUrlState } from '#ui/url-state';
import { GroupTable } from './group-table.tsx';
import { UnitTable } from './unit-table.tsx';

const Search = z.object({ view: z.enum(['groups', 'units']).catch('groups') });

/** 小组与部门: who calls with whom, and which unit sent them. */
export function GroupsPage() {
  const [{ view }, patch] = useUrlState(Search);
  return (
    <Page note="每组原则上 8 至 13 人，设组长一人，与督查员一对一。二级学院选派 5 人、职能部门 2 人。">
      <Section>
        <Tabs
          activeKey={view}
          onChange={(next) => patch({ view: Search.parse({ view: next }).view })}
          destroyOnHidden
          items={[
            { key: 'groups', label: '小组', children: <GroupTable /> },
            { key: 'units', label: '部门', children: <UnitTable /> },
          ]}
        />
      </Section>
    </Page>
  );
}
