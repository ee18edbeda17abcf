import { useQueryClient } from '@tanstack/react-query';
import { useLocation, useRouter } from '@tanstack/react-router';
import { Button } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import type { z } from 'zod';
import { type Stage, signOut } from '#platform/session/contract';
import { api } from '#ui/api';
import { forgetKept } from '#ui/kept';
import { type RawSearch, textOf } from '#ui/search-params';
import markUrl from '../mark.svg';
import { sessionKey, useSessionQuery } from '../use-session-query.tsx';
import { EnrolStep } from './enrol-step.tsx';
import { NoticeStep } from './notice.tsx';
import { PasswordForm } from './password-form.tsx';
import { safeBack } from './safe-back.ts';
import { SignInForm } from './sign-in-form.tsx';
import { TotpStep } from './totp-step.tsx';

type Step = 'sign_in' | Exclude<z.infer<typeof Stage>, 'signed_in'>;

/** Signing in, step by step; a half-finished login goes on where it stopped. */
export function Login() {
  const client = useQueryClient();
  const router = useRouter();
  const search = useLocation({ select: (location) => location.search as RawSearch });
  // The way back is fixed on arrival: leaving changes the address while this page is still here.
  const [back] = useState(textOf(search.back));
  const session = useSessionQuery();
  const [expired, setExpired] = useState(false);
  const step = stepOf(session.data);

  const renew = async () => {
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
    await client.invalidateQueries({ queryKey: sessionKey });
    setExpired(stepOf(client.getQueryData(sessionKey)) === 'sign_in');
  };
  const restart = async () => {
    await api(signOut).catch(() => undefined);
    client.setQueryData(sessionKey, null);
  };

  // Every way out of a session ends here, and nothing that was searched for outlives it.
  useEffect(forgetKept, []);
  const inside = step === null && !session.isFetching;
  useEffect(() => {
    if (inside) router.history.replace(safeBack(back));
  }, [inside, router, back]);
  const steps: Record<Step, ReactNode> = {
    sign_in: <SignInForm onDone={renew} expired={expired || back !== ''} />,
    totp: <TotpStep onDone={renew} />,
    enrol_totp: <EnrolStep onDone={renew} />,
    change_password: <FirstPassword onDone={renew} />,
    notice: <NoticeStep onDone={renew} {...noticeOf(session.data)} />,
  };
  return (
    <LoginFrame>
      {steps[step ?? 'sign_in']}
      {step !== 'sign_in' && step !== null && (
        <Button type="link" className="zz-restart" onClick={restart}>
          换个账号登录
        </Button>
      )}
    </LoginFrame>
  );
}

const noticeOf = (session: ReturnType<typeof useSessionQuery>['data']) => ({
  tenantName: session?.tenant.name ?? '',
  version: session?.noticeVersion ?? '',
});

/** `null` once nothing more is asked. */
function stepOf(session: ReturnType<typeof useSessionQuery>['data']): Step | null {
  if (!session) return 'sign_in';
  return session.stage === 'signed_in' ? null : session.stage;
}

function FirstPassword({ onDone }: { readonly onDone: () => void }) {
  return (
    <>
      <h1>请先设置新的密码</h1>
      <p className="zz-note">现在用的是管理员给的初始密码，或者密码已到更换期限，设置新密码后才能继续。</p>
      <PasswordForm onDone={onDone} />
    </>
  );
}

function LoginFrame({ children }: { readonly children: ReactNode }) {
  return (
    <div className="zz-login">
      <title>登录 · 智招</title>
      <aside>
        <div className="zz-login-brand">
          <img src={markUrl} alt="" width={40} height={40} />
          <strong>智招</strong>
        </div>
        <p className="zz-login-motto">
          每一名考生，
          <br />
          都有着落。
        </p>
        <p className="zz-login-small">投档 · 回访 · 录检 · 报到，一处办完，处处有据。</p>
      </aside>
      <main id="main">
        <div className="zz-login-panel">{children}</div>
      </main>
    </div>
  );
}
