import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import { lazy } from 'react';
import type { Screen } from '#ui/screen';
import { parseSearch, stringifySearch } from '#ui/search-params';
import { Broken, NotFound } from './outcomes.tsx';
import { screens } from './routes.tsx';
import { ScreenFrame } from './screen-frame.tsx';
import { SignedIn } from './signed-in.tsx';

const root = createRootRoute({ component: Outlet, errorComponent: Broken });

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  component: lazyRouteComponent(() => import('./login/login.tsx'), 'Login'),
});

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: SignedIn,
  notFoundComponent: NotFound,
});

const home: Screen = {
  path: '/',
  title: '我的工作',
  permission: 'signed_in',
  component: lazy(() => import('./home-page.tsx').then((file) => ({ default: file.HomePage }))),
};

const screenRoute = (screen: Screen) =>
  createRoute({
    getParentRoute: () => inside,
    path: screen.path,
    component: () => <ScreenFrame screen={screen} />,
    ...(screen.search ? { validateSearch: cleaner(screen.search) } : {}),
  });

/** Keeps what the schema does not know: the list and the drawer have parameters of their own. */
const cleaner = (schema: NonNullable<Screen['search']>) => (raw: Record<string, unknown>) => ({
  ...raw,
  ...(schema.safeParse(raw).data ?? {}),
});

/** Everything else lands inside the shell, so that a wrong address still has its navigation. */
const unknown = createRoute({ getParentRoute: () => inside, path: '$', component: NotFound });

export function createWorkbenchRouter(client: QueryClient) {
  const tree = root.addChildren([
    login,
    inside.addChildren([screenRoute(home), ...screens.map(screenRoute), unknown]),
  ]);
  return createRouter({
    routeTree: tree,
    context: { client },
    parseSearch,
    stringifySearch,
    defaultErrorComponent: Broken,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  });
}
