import { useNavigate, useRouter } from '@tanstack/react-router';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { Fault } from '#ui/error-boundary';

interface OutcomeProps {
  readonly code: string;
  readonly title: string;
  readonly text: string;
  readonly action?: ReactNode;
}

function Outcome({ code, title, text, action }: OutcomeProps) {
  const navigate = useNavigate();
  return (
    <main className="zz-main zz-outcome" id="main" tabIndex={-1}>
      <title>{`${title} · 智招`}</title>
      <p className="zz-outcome-code">{code}</p>
      <h1>{title}</h1>
      <p>{text}</p>
      <div className="zz-page-extra">
        {action}
        <Button type="primary" onClick={() => void navigate({ to: '/' })}>
          回到我的工作
        </Button>
      </div>
    </main>
  );
}

export function NotFound() {
  return (
    <Outcome
      code="404"
      title="没有这个页面"
      text="地址可能写错了，或者这个页面已经换了位置。可以按 / 搜索要找的考生或页面。"
      action={<Button onClick={() => window.history.back()}>返回上一页</Button>}
    />
  );
}

export function Forbidden({ title }: { readonly title: string }) {
  return (
    <Outcome
      code="403"
      title={`您还不能使用“${title}”`}
      text="您现在的角色没有这个页面的权限。如果工作需要，请联系本单位的系统管理员。"
      action={<Button onClick={() => window.history.back()}>返回上一页</Button>}
    />
  );
}

/** A fault outside of any screen. */
export function Broken({ error }: { readonly error: unknown }) {
  const router = useRouter();
  return (
    <main className="zz-main" id="main">
      <Fault error={error} onRetry={() => void router.invalidate()} />
    </main>
  );
}
