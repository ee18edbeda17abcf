import { Link } from '@tanstack/react-router';
import { type TableProps, Tag } from 'antd';
import { formatCount, formatDuration, formatRate } from '#ui/format';
import { averageText, type Fraction, type Group, PRESENCE_LABELS, pauseWords, skipWords } from './words.ts';

type Member = Group['members'][number];
type Columns = NonNullable<TableProps<Member>['columns']>;

const figure = (title: string, value: (member: Member) => number): Columns[number] => ({
  title,
  key: title,
  align: 'right',
  sorter: (one, other) => value(one) - value(other),
  render: (_, member) => formatCount(value(member)),
});

/** A figure that needs a look when it is not nought. */
const trouble = (title: string, value: (member: Member) => number): Columns[number] => ({
  ...figure(title, value),
  render: (_, member) =>
    value(member) > 0 ? <span className="zz-over">{formatCount(value(member))} ！</span> : '0',
});

/** An average, whether it reaches its target in words, and the two numbers behind it. */
function TargetCell({ rate, state, behind }: { rate: Fraction; state: string; behind: string }) {
  return (
    <>
      {averageText(rate)}{' '}
      {rate.whole > 0 && (
        <Tag color={state === 'below' ? 'warning' : 'success'}>{state === 'below' ? '未达标' : '达标'}</Tag>
      )}
      <small className="zz-note zz-behind">{behind}</small>
    </>
  );
}

export const memberColumns: Columns = [
  {
    title: '组员',
    fixed: 'start',
    render: (_, { userId, name }) => (
      <Link to="/team/ownership" search={{ open: userId } as never}>
        {name}
      </Link>
    ),
  },
  {
    title: '状态',
    render: (_, { presence, ...member }) => (
      <>
        <Tag color={presence === 'working' || presence === 'wrap_up' ? 'success' : 'default'}>
          {PRESENCE_LABELS[presence ?? 'offline'] ?? '离线'}
        </Tag>
        {presence === 'paused' && <small className="zz-note zz-behind">{pauseWords(member)}</small>}
      </>
    ),
  },
  figure('今日联系', ({ today }) => today.attempts),
  figure('今日接通', ({ today }) => today.contacts),
  {
    title: '今日通话',
    align: 'right',
    render: (_, { today }) => (today.talkSeconds === 0 ? '0' : formatDuration(today.talkSeconds)),
  },
  figure(
    '在办',
    ({ standing }) => standing.cases - standing.admitted - standing.withdrawn - standing.otherFinal,
  ),
  figure('未表态', ({ standing }) => standing.uncalled),
  figure('确认', ({ standing }) => standing.confirmed + standing.admitted),
  trouble('过时回电', ({ overdueCallbacks }) => overdueCallbacks),
  {
    ...figure('今日放回', ({ skipsToday }) => skipsToday),
    render: (_, { skipsToday, skipReasons }) => (
      <>
        {formatCount(skipsToday)}
        {skipsToday > 0 && <small className="zz-note zz-behind">{skipWords(skipReasons)}</small>}
      </>
    ),
  },
  {
    title: '人均有效联系',
    render: (_, { season, people, contactsTarget }) => (
      <TargetCell
        rate={{ part: season.contacts, whole: people }}
        state={contactsTarget}
        behind={`${formatCount(season.contacts)} 次 ÷ ${formatCount(people)} 名`}
      />
    ),
  },
  {
    title: '人均通话',
    render: (_, { season, people, talkTarget }) => (
      <TargetCell
        rate={{ part: season.talkSeconds, whole: people * 60 }}
        state={talkTarget}
        behind={`${formatCount(Math.floor(season.talkSeconds / 60))} 分钟 ÷ ${formatCount(people)} 名`}
      />
    ),
  },
  {
    title: '联系率',
    align: 'right',
    render: (_, { rates }) => formatRate(rates.contact.part, rates.contact.whole),
  },
];
