import { CheckCircleFilled, RightCircleOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { listScripts } from '#script/contract';
import { listBatches, listSeasons } from '#season/contract';
import { listPeople } from '#staff/contract';
import { CALLING_ROLES } from '#staff/rules';
import { useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { Section } from '#ui/page';
import { parseSearch } from '#ui/search-params';
import { holds, useSession } from '#ui/session';
import { Loading } from '#ui/states';
import { releaseChecks } from '../../modules/assignment/check.contract.ts';
import { listMajors } from '../../modules/season/catalogue.contract.ts';
import { listPolicies } from '../../modules/season/policy.contract.ts';
import { listGroups } from '../../modules/staff/team.contract.ts';
import { screens } from './routes.tsx';
import { type SetupFacts, type SetupStep, setupSteps } from './setup-steps.ts';

const freshMs = 30_000;
/** No season, or one in which nobody has been admitted yet. */
const BEGINNING: ReadonlySet<string | null> = new Set([null, 'guidance', 'filing']);

/** 开季准备: what stands between an empty system and the first call; gone once somebody is released. */
export function SetupCard() {
  const { data: checks } = useRoute(releaseChecks, undefined, { staleTime: freshMs });
  if (!checks) return null;
  if (!BEGINNING.has(checks.stage?.phase ?? null) || checks.items.some(({ released }) => released > 0))
    return null;
  return <Steps checks={checks} />;
}

type Checks = NonNullable<ReturnType<typeof useRoute<typeof releaseChecks>>['data']>;

function Steps({ checks }: { readonly checks: Checks }) {
  const { facts, error } = useFacts(checks);
  if (!facts) {
    return <Section title="开季准备">{error ? <ErrorNote error={error} /> : <Loading rows={4} />}</Section>;
  }
  const steps = setupSteps(facts);
  const next = steps.find(({ done }) => !done);
  return (
    <Section title={`开季准备（已完成 ${steps.filter(({ done }) => done).length} / ${steps.length} 步）`}>
      <ol className="zz-tasks zz-setup">
        {steps.map((step) => (
          <Line key={step.title} step={step} isNext={step === next} />
        ))}
      </ol>
    </Section>
  );
}

interface LineProps {
  readonly step: SetupStep;
  readonly isNext: boolean;
}

/** One step; a link for those who may open its page. */
function Line({ step: { title, done, note, who, to }, isNext }: LineProps) {
  const { permissions } = useSession();
  const [path, query = ''] = to.split('?');
  const screen = screens.find((one) => one.path === path);
  const words = (
    <>
      {done ? (
        <CheckCircleFilled className="zz-setup-done" aria-label="已完成" />
      ) : (
        <RightCircleOutlined aria-label={isNext ? '下一步' : '还没有做'} />
      )}
      <span className="zz-setup-title">{title}</span>
      <span className="zz-note">{note}</span>
      <span className="zz-note zz-setup-who">{who}</span>
    </>
  );
  return (
    <li className={isNext ? 'zz-setup-next' : undefined} aria-current={isNext ? 'step' : undefined}>
      {screen && holds(permissions, screen.permission) ? (
        <Link to={path as never} search={parseSearch(query) as never}>
          {words}
          <i aria-hidden>›</i>
        </Link>
      ) : (
        <span className="zz-setup-line">{words}</span>
      )}
    </li>
  );
}

/** Counts of every module that has a part in it; undefined until all of them have answered. */
function useFacts(checks: Checks): { facts: SetupFacts | undefined; error: unknown } {
  const seasons = useRoute(listSeasons);
  const season = seasons.data?.items.find(({ active }) => active);
  const seasonId = season?.id ?? '';
  const [params, whenSeason] = [{ params: { seasonId } }, { enabled: season !== undefined }];
  const callers = { role: [...CALLING_ROLES], state: ['active' as const], limit: 1 };
  const asked = {
    batches: useRoute(listBatches, params, whenSeason),
    majors: useRoute(listMajors, params, whenSeason),
    policies: useRoute(listPolicies, params, whenSeason),
    scripts: useRoute(listScripts, { query: { seasonId } }, whenSeason),
    groups: useRoute(listGroups),
    callers: useRoute(listPeople, { body: callers }),
    qualified: useRoute(listPeople, { body: { ...callers, qualified: 'yes' } }),
  };
  const all = [seasons, ...Object.values(asked)];
  const error = all.find((answer) => answer.error !== null)?.error ?? null;
  // Without a season its lists are never asked for.
  if (all.some(({ isLoading }) => isLoading) || !asked.groups.data) return { facts: undefined, error };
  const policies = asked.policies.data?.items ?? [];
  const scripts = (asked.scripts.data?.items ?? []).filter(
    ({ kind, retiredAt }) => kind === 'call' && !retiredAt,
  );
  return {
    error,
    facts: {
      seasonName: season?.name ?? null,
      batches: asked.batches.data?.items.length ?? 0,
      majors: asked.majors.data?.items.length ?? 0,
      policies: policies.length,
      policiesLacking: policies.filter(({ missing }) => missing.length > 0).length,
      scriptsInForce: scripts.filter(({ inForce }) => inForce !== null).length,
      scriptsWaiting: scripts.filter(({ pending }) => pending?.state === 'submitted').length,
      groups: asked.groups.data.items.length,
      callers: asked.callers.data?.total ?? 0,
      qualified: asked.qualified.data?.total ?? 0,
      isFiling: checks.stage?.phase === 'filing',
      candidates: checks.items.reduce((sum, { candidates }) => sum + candidates, 0),
      releasable: checks.items
        .filter(({ checks: lacks }) => !lacks.some(({ blocks }) => blocks))
        .reduce((sum, { waiting }) => sum + waiting, 0),
    },
  };
}
