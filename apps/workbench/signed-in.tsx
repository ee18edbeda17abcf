import { useQueryClient } from '@tanstack/react-query';
import { Outlet, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { ErrorNote } from '#ui/error-note';
import { useConnection } from '#ui/events';
import { ViewStoreContext } from '#ui/saved-views';
import { SessionContext } from '#ui/session';
import { installGate } from '#ui/session-gate';
import { useStrip } from '#ui/strip';
import { askIdentity, ConfirmIdentity } from './confirm-identity.tsx';
import { Shell } from './shell.tsx';
import { sessionKey, useSessionQuery } from './use-session-query.tsx';
import { useViewStore } from './view-store.tsx';

/** Everything behind the login: without a complete session the login page opens and remembers the way back. */
export function SignedIn() {
  const client = useQueryClient();
  const session = useSessionQuery();
  useEffect(() => {
    installGate({
      // Never asked anew while it is being asked: its own refusal comes through here too, and would start it over for ever.
      signedOut: () => void client.invalidateQueries({ queryKey: sessionKey }, { cancelRefetch: false }),
      confirmIdentity: askIdentity,
    });
  }, [client]);

  if (session.isPending) return <Splash />;
  if (session.error) {
    return (
      <div className="zz-splash">
        <ErrorNote error={session.error} onRetry={() => void session.refetch()} />
      </div>
    );
  }
  const { data } = session;
  if (data?.stage !== 'signed_in') {
    return <ToLogin />;
  }
  return (
    <SessionContext value={data}>
      <ConnectionStrip />
      <ViewStoreContext value={useViewStore}>
        <Shell>
          <Outlet />
        </Shell>
      </ViewStoreContext>
      <ConfirmIdentity />
    </SessionContext>
  );
}

/** Goes to the login page once, with the address to come back to. */
function ToLogin() {
  const router = useRouter();
  useEffect(() => {
    const { href } = router.state.location;
    router.history.replace(href === '/' ? '/login' : `/login?back=${encodeURIComponent(href)}`);
  }, [router]);
  return <Splash />;
}

function Splash() {
  return (
    <div className="zz-splash" role="status">
      正在打开智招…
    </div>
  );
}

function ConnectionStrip() {
  const connection = useConnection();
  useStrip(
    connection === 'offline'
      ? { key: 'connection', tone: 'warn', text: '网络已断开。已填写的内容还在页面上，恢复后会自动继续。' }
      : null,
  );
  return null;
}
