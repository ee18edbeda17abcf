import { useLocation } from '@tanstack/react-router';
import { Suspense } from 'react';
import { ErrorBoundary } from '#ui/error-boundary';
import { type Crumb, PageContext } from '#ui/page';
import { type Screen, sectionLabels } from '#ui/screen';
import { useCan } from '#ui/session';
import { Loading } from '#ui/states';
import { Forbidden } from './outcomes.tsx';
import { screens } from './routes.tsx';

/** One screen inside the shell: its permission, its place in the breadcrumbs, and a net under its faults. */
export function ScreenFrame({ screen }: { readonly screen: Screen }) {
  const allowed = useCan(screen.permission);
  const path = useLocation({ select: (location) => location.pathname });
  const info = { title: screen.title, crumbs: crumbsOf(screen), watermark: screen.watermark === true };
  const { component: Content } = screen;
  if (!allowed) return <Forbidden title={screen.title} />;
  return (
    <PageContext value={info}>
      <main className={screen.bare ? 'zz-main zz-bare' : 'zz-main'} id="main" tabIndex={-1}>
        <ErrorBoundary key={path}>
          <Suspense fallback={<Loading rows={8} />}>
            <Content />
          </Suspense>
        </ErrorBoundary>
      </main>
    </PageContext>
  );
}

function crumbsOf(screen: Screen): readonly Crumb[] {
  const parent = screens.find(({ path }) => path === screen.parent);
  const section = screen.menu?.section ?? parent?.menu?.section;
  return [
    ...(section && sectionLabels[section] !== parent?.title ? [{ label: sectionLabels[section] }] : []),
    ...(parent ? [{ label: parent.title, to: parent.path }] : []),
    { label: screen.title },
  ];
}
