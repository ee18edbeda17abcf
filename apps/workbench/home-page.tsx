import './home.css';
import { lazy, Suspense } from 'react';
import { serverNow } from '#ui/clock';
import { ErrorBoundary } from '#ui/error-boundary';
import { formatDate, formatTime } from '#ui/format';
import { Page } from '#ui/page';
import { holds, useSession } from '#ui/session';
import { Loading } from '#ui/states';
import { NewsList } from './news-list.tsx';
import { PageLinks } from './page-links.tsx';
import { homeCards } from './routes.tsx';
import { TaskList } from './task-list.tsx';

const SetupCard = lazy(() => import('./setup-card.tsx').then((file) => ({ default: file.SetupCard })));

/** 我的工作: what waits for this person, then where the work stands, from the modules. */
export function HomePage() {
  const { user, permissions, tenant } = useSession();
  const cards = homeCards.filter((card) => holds(permissions, card.permission));
  const now = serverNow();
  return (
    <Page title={`${greeting(now)}，${user.name}`} note={`${dayWords(now)} · ${tenant.name}`}>
      <ErrorBoundary>
        <TaskList />
      </ErrorBoundary>
      {holds(permissions, 'assignment.preview') && (
        <ErrorBoundary>
          <Suspense>
            <SetupCard />
          </Suspense>
        </ErrorBoundary>
      )}
      <div className="zz-cards">
        {cards.map(({ key, span = 2, component: Card }) => (
          <section key={key} className={`zz-section zz-span-${span}`}>
            <ErrorBoundary>
              <Suspense fallback={<Loading rows={3} />}>
                <Card />
              </Suspense>
            </ErrorBoundary>
          </section>
        ))}
      </div>
      <NewsList />
      {cards.length === 0 && <PageLinks />}
    </Page>
  );
}

const weekdays = ['星期日', '星期一', '星期二', '星期三', '星期四', '星期五', '星期六'];

function dayWords(now: number): string {
  const date = formatDate(now);
  return `${date} ${weekdays[new Date(`${date}T00:00:00Z`).getUTCDay()]}`;
}

export function greeting(now: number): string {
  const hour = Number(formatTime(now).slice(0, 2));
  if (hour < 6) return '夜深了';
  if (hour < 12) return '上午好';
  if (hour < 14) return '中午好';
  return hour < 18 ? '下午好' : '晚上好';
}
