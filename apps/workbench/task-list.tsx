import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Tag } from 'antd';
import { formatCount } from '#ui/format';
import { Section } from '#ui/page';
import type { HomeTask, TaskLine } from '#ui/screen';
import { parseSearch } from '#ui/search-params';
import { holds, useSession } from '#ui/session';
import { Loading } from '#ui/states';
import { homeTaskFiles } from './routes.tsx';

const renewedAfter = 60_000;

/** 待办: what waits for this person in any module, one click each; says so when nothing does. */
export function TaskList() {
  const { permissions, user } = useSession();
  const files = useQuery({
    queryKey: ['home-tasks'],
    queryFn: loadTasks,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const tasks = (files.data ?? []).filter((task) => holds(permissions, task.permission));
  const answers = useQueries({
    queries: tasks.map(({ key, load }) => ({
      queryKey: ['home-tasks', key],
      queryFn: ({ signal }: { signal: AbortSignal }) => load({ signal, userId: user.id }),
      refetchInterval: renewedAfter,
      staleTime: 0,
    })),
  });
  if (files.data && tasks.length === 0) return null;
  const lines = answers.flatMap(({ data }) => data ?? []).filter(({ count }) => count > 0);
  const isPending = files.isPending || answers.some((answer) => answer.isPending);
  const failed = answers.filter(({ error }) => error !== null).length;
  return (
    <Section title={lines.length > 0 ? `待办 ${lines.length} 项` : '待办'}>
      {isPending && lines.length === 0 && <Loading rows={2} />}
      {!isPending && lines.length === 0 && failed === 0 && <p className="zz-note">现在没有等您办理的事。</p>}
      <ul className="zz-tasks">
        {lines.map((line) => (
          <Task key={line.label} line={line} />
        ))}
      </ul>
      {failed > 0 && <p className="zz-note">有 {failed} 项没有读到，稍后自动再试。</p>}
    </Section>
  );
}

async function loadTasks(): Promise<HomeTask[]> {
  const files = await Promise.all(homeTaskFiles.map((load) => load()));
  return files.flatMap(({ homeTasks }) => homeTasks).sort((left, right) => left.order - right.order);
}

function Task({ line }: { readonly line: TaskLine }) {
  const [path, query = ''] = line.to.split('?');
  return (
    <li>
      <Link to={path as never} search={parseSearch(query) as never}>
        <strong className="zz-figures">{formatCount(line.count)}</strong>
        <span>{`${line.unit}${line.label}`}</span>
        {line.isUrgent && <Tag color="warning">需要处理</Tag>}
        {line.note && <span className="zz-note">{line.note}</span>}
        <i aria-hidden>›</i>
      </Link>
    </li>
  );
}
