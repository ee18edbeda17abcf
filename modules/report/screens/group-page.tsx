import { Link } from '@tanstack/react-router';
import { Select, Table } from 'antd';
import { z } from 'zod';
import { useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatCount, formatPercent } from '#ui/format';
import { Page } from '#ui/page';
import { Stat, StatRow } from '#ui/stat';
import { Loading } from '#ui/states';
import { countedPages } from '#ui/table-bars';
import { useUrlState } from '#ui/url-state';
import { groupBoard, STUCK_LABELS, stuckList } from '../contract.ts';
import { memberColumns } from './member-columns.tsx';
import { contactWords, type Group } from './words.ts';
import './report.css';

const REFRESH_MS = 15_000;
const Search = z.object({ groupId: z.uuid().optional().catch(undefined) });

/** 小组看板: every member of one group, today and over the season. */
export function GroupPage() {
  const [{ groupId }, patch] = useUrlState(Search);
  const { data, error, refetch } = useRoute(
    groupBoard,
    { query: { groupId } },
    { refetchInterval: REFRESH_MS },
  );
  return (
    <Page
      note={data && noteOf(data)}
      extra={
        data && (
          <Select
            aria-label="小组"
            value={data.groupId}
            style={{ width: 180 }}
            showSearch={{ optionFilterProp: 'label' }}
            options={data.groups.map((group) => ({ value: group.groupId, label: group.name }))}
            onChange={(next: string) => patch({ groupId: next })}
          />
        )
      }
    >
      <ErrorNote error={error} onRetry={() => void refetch()} />
      {!data && !error && <Loading rows={10} />}
      {data && <GroupBody board={data} />}
    </Page>
  );
}

const noteOf = ({ bounds }: Group): string =>
  `每 15 秒更新。均值按名下全部考生计算：人均有效联系不少于 ${bounds.contacts} 次、人均通话不少于 ${bounds.talkMinutes} 分钟为达标。`;

function GroupBody({ board }: { readonly board: Group }) {
  const { total, today, members } = board;
  const overdue = members.reduce((sum, member) => sum + member.overdueCallbacks, 0);
  return (
    <>
      <StatRow>
        <Stat
          label="已放出"
          value={total.cases}
          unit="名"
          note={`未表态 ${formatCount(total.uncalled)} 名`}
        />
        <Stat
          label="确认"
          value={total.confirmed + total.admitted}
          unit="名"
          note={`占 ${formatPercent(total.confirmed + total.admitted, total.cases)}`}
        />
        <Stat
          label="考虑"
          value={total.considering}
          unit="名"
          note={`联系不上 ${formatCount(total.unreachable)} 名`}
        />
        <Stat
          label="申请退档"
          value={total.withdrawing}
          unit="名"
          note={`已退档 ${formatCount(total.withdrawn)} 名`}
        />
        <Stat label="今日接通" value={today.contacts} unit="次" note={contactWords(today)} />
        <Stat
          label="过时回电"
          value={overdue}
          unit="个"
          note="约定时间已过 15 分钟"
          tone={overdue > 0 ? 'warn' : 'plain'}
        />
      </StatRow>
      <StuckLine groupId={board.groupId} />
      <div className="zz-list-card">
        <Table
          size="small"
          rowKey="userId"
          dataSource={[...members]}
          pagination={countedPages(50)}
          showSorterTooltip={false}
          scroll={{ x: 'max-content' }}
          locale={{ emptyText: '这个小组还没有组员，请到“团队 > 人员”编入。' }}
          columns={memberColumns}
        />
      </div>
    </>
  );
}

/** One line to the list of whoever is stuck, by cause. */
function StuckLine({ groupId }: { readonly groupId: string }) {
  const { data } = useRoute(stuckList, { query: { groupId } }, { refetchInterval: REFRESH_MS * 4 });
  if (!data) return null;
  const causes = Object.entries(STUCK_LABELS).filter(([code]) => (data.counts[code] ?? 0) > 0);
  if (causes.length === 0) return <p className="zz-note">没有卡住的考生。</p>;
  return (
    <p>
      卡住的考生：
      {causes.map(([code, label], at) => (
        <span key={code}>
          {at > 0 && '；'}
          <Link to="/team/stuck" search={{ groupId, code } as never}>
            {label} {formatCount(data.counts[code])} 名
          </Link>
        </span>
      ))}
    </p>
  );
}
