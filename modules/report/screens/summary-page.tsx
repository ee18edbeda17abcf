import { FileAddOutlined } from '@ant-design/icons';
import { App, Select, Space, Table, Tag } from 'antd';
import { useState } from 'react';
import { shanghaiDay } from '#platform/shanghai';
import { ActionButton } from '#ui/action-button';
import { useCommand, useRoute } from '#ui/api';
import { serverNow } from '#ui/clock';
import { useDrawer } from '#ui/detail-drawer';
import { ErrorNote, messageOf } from '#ui/error-note';
import { formatDateTime } from '#ui/format';
import { Page } from '#ui/page';
import { useCan } from '#ui/session';
import { Loading } from '#ui/states';
import { countedPages } from '#ui/table-bars';
import { groupBoard, listSummaries, makeSummary } from '../contract.ts';
import { openWeeks } from '../week.rules.ts';
import { SummaryDrawer } from './summary-drawer.tsx';
import type { Summary } from './summary-figures.tsx';

/** 周报: leaders write them, the office reads what was sent. */
export function SummaryPage() {
  const { data, error, refetch } = useRoute(listSummaries, undefined);
  const drawer = useDrawer();
  const mayWrite = useCan('summary.write');
  // A draft is its leader's own until it is sent.
  const items = (data?.items ?? []).filter(({ state }) => mayWrite || state === 'sent');
  const opened = items.find(({ id }) => id === drawer.id);
  return (
    <Page
      note={
        mayWrite
          ? '数字由台账算出，发送前可以重新生成；补写考生动态、困难和下周安排后发送给招办。'
          : '各组已发送的周报，点小组名称查看和打印。'
      }
      extra={mayWrite && <MakeSummary onMade={(id) => drawer.open(id)} />}
    >
      <ErrorNote error={error} onRetry={() => void refetch()} />
      {!data && !error && <Loading rows={8} />}
      {data && (
        <div className="zz-list-card">
          <Table<Summary>
            size="small"
            rowKey="id"
            dataSource={[...items]}
            pagination={countedPages()}
            locale={{
              emptyText: mayWrite ? '还没有周报，选好周次，点“生成周报”开始。' : '还没有小组发送周报。',
            }}
            columns={[
              {
                title: '小组',
                render: (_, row) => (
                  <button type="button" className="zz-plain zz-identity" onClick={() => drawer.open(row.id)}>
                    {row.groupName}
                  </button>
                ),
              },
              { title: '周起始日', render: (_, { weekStartsOn }) => weekStartsOn },
              {
                title: '状态',
                render: (_, { state }) => (
                  <Tag color={state === 'sent' ? 'success' : 'default'}>
                    {state === 'sent' ? '已发送' : '草稿'}
                  </Tag>
                ),
              },
              { title: '填写人', render: (_, { writtenByName }) => writtenByName },
              { title: '发送时间', render: (_, { sentAt }) => formatDateTime(sentAt) },
            ]}
          />
        </div>
      )}
      {opened && <SummaryDrawer summary={opened} onClose={drawer.close} />}
    </Page>
  );
}

function MakeSummary({ onMade }: { readonly onMade: (id: string) => void }) {
  const { message } = App.useApp();
  const board = useRoute(groupBoard, { query: {} }, { staleTime: 60_000 });
  const [chosen, setChosen] = useState<string | null>(null);
  const groups = board.data?.groups ?? [];
  const groupId = chosen ?? groups[0]?.groupId;
  const weeks = openWeeks(shanghaiDay(serverNow()));
  const [week, setWeek] = useState<string | null>(null);
  const weekStartsOn = weeks.find((monday) => monday === week) ?? weeks[0];
  const make = useCommand(makeSummary, { onDone: ({ id }) => onMade(id) });
  const run = () => {
    if (groupId === undefined) return;
    make.mutate(
      { body: { groupId, weekStartsOn } },
      { onError: (cause) => void message.warning(messageOf(cause)) },
    );
  };
  return (
    <Space>
      {groups.length > 1 && (
        <Select
          aria-label="小组"
          value={groupId ?? null}
          style={{ width: 160 }}
          options={groups.map((group) => ({ value: group.groupId, label: group.name }))}
          onChange={setChosen}
        />
      )}
      <Select
        aria-label="哪一周"
        value={weekStartsOn ?? null}
        style={{ width: 190 }}
        options={weeks.map((monday, back) => ({ value: monday, label: weekWords(monday, back) }))}
        onChange={setWeek}
      />
      <ActionButton
        type="primary"
        can="summary.write"
        icon={<FileAddOutlined />}
        loading={make.isPending}
        refused={groupId === undefined ? '您还没有负责的小组，请联系招办。' : null}
        onClick={run}
      >
        生成周报
      </ActionButton>
    </Space>
  );
}

const WEEK_NAMES = ['本周', '上周'];
const weekWords = (monday: string, back: number): string =>
  `${WEEK_NAMES[back] ?? `${back} 周前`}（${monday} 起）`;
