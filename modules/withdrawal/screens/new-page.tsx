import { Link, useNavigate } from '@tanstack/react-router';
import { z } from 'zod';
import { Page, Section } from '#ui/page';
import { Empty } from '#ui/states';
import { useUrlState } from '#ui/url-state';
import { RequestForm } from './request-form.tsx';

const Search = z.object({ caseId: z.uuid().optional().catch(undefined) });

/** 登记退档申请 for one case, from a candidate's file or the call. */
export function NewWithdrawalPage() {
  const [{ caseId }] = useUrlState(Search);
  const navigate = useNavigate();
  return (
    <Page note="只按考生本人的意愿登记。">
      {caseId ? (
        <Section>
          <RequestForm
            caseId={caseId}
            onDone={(id) => void navigate({ to: '/withdrawals', search: { open: id } as never })}
          />
        </Section>
      ) : (
        <Empty
          text="还没有选考生：请从考生档案登记退档申请。"
          action={<Link to="/candidates">打开考生列表</Link>}
        />
      )}
    </Page>
  );
}
