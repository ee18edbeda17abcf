import { Button, Tag } from 'antd';
import { isInformantLine } from '#candidate/rules';
import { END, type MergeKey, mergeText, type ScriptBody, type Step } from '#script/rules';
import { formatDate } from '#ui/format';
import { KeyCap } from '#ui/keyboard';
import { useSession } from '#ui/session';
import { mergeValues } from '../merge.rules.ts';
import type { LeaseData } from '../work.contract.ts';
import type { Action } from './call-keys.ts';
import { follow, isScript, stepInView } from './script-walk.ts';
import type { Desk } from './use-desk.tsx';

type Values = Readonly<Partial<Record<MergeKey, string>>>;

/** What the fields of a script or message say for this candidate. */
export function useMergeValues({ candidate, policy, collegeName, openedAt }: LeaseData): Values {
  const { user } = useSession();
  return mergeValues({
    callerName: user.name,
    collegeName,
    year: Number(formatDate(openedAt).slice(0, 4)),
    candidate,
    withdrawalDeadlineAt: policy.withdrawalDeadlineAt,
    now: openedAt,
  });
}

interface ScriptPaneProps {
  readonly desk: Desk;
  readonly perform: (action: Action) => void;
}

/** The approved script for exactly this policy and stage, one step at a time. */
export function ScriptPane({ desk, perform }: ScriptPaneProps) {
  const { script } = desk.lease;
  const values = useMergeValues(desk.lease);
  const informant = desk.number !== null && isInformantLine(desk.number.relation);
  const body = script && isScript(script.body) ? script.body : null;
  const step = body && stepInView(body, desk.draft);
  return (
    <section className="zz-script" aria-label="话术">
      <header>
        <h3>{step ? step.title : '话术'}</h3>
        {script && (
          <Tag>
            {script.name} 第 {script.version} 版
          </Tag>
        )}
        <Button size="small" type="text" onClick={() => perform({ do: 'panel', panel: 'objections' })}>
          异议解答 <KeyCap chord="O" />
        </Button>
      </header>
      {informant && (
        <p className="zz-script-warn">
          这是学校、邻居或村委电话：只请对方转告“请考生回电”，不透露录取、成绩等任何信息。
        </p>
      )}
      {body && step ? (
        <StepView body={body} step={step} values={values} desk={desk} />
      ) : (
        <p className="zz-script-none">
          这种情形还没有审批通过的话术。请先表明身份和来意，如实回答，不许诺转专业、奖学金，不催促表态；并告知招办尽快审批。
        </p>
      )}
    </section>
  );
}

interface StepViewProps {
  readonly body: ScriptBody;
  readonly step: Step;
  readonly values: Values;
  readonly desk: Desk;
}

function StepView({ body, step, values, desk }: StepViewProps) {
  const { draft, change } = desk;
  return (
    <>
      <div className="zz-script-text">
        <blockquote>{mergeText(step.say, values)}</blockquote>
        {step.ask && <p className="zz-note">要问、要记：{mergeText(step.ask, values)}</p>}
      </div>
      <nav className="zz-script-branches" aria-label="对方的回答">
        {draft.trail.length > 1 && (
          <button
            type="button"
            className="zz-plain zz-branch"
            onClick={() => change({ trail: draft.trail.slice(0, -1), branch: 0 })}
          >
            <kbd className="zz-key">←</kbd> 上一步
          </button>
        )}
        {step.branches.map(({ label, to }, index) => (
          <button
            key={`${label}${to}`}
            type="button"
            className="zz-plain zz-branch"
            aria-current={index === draft.branch ? 'step' : undefined}
            onClick={() => change(follow(body, draft, index))}
          >
            {index === draft.branch && <kbd className="zz-key">→</kbd>} {label || '继续'}
            {to === END && '（结束）'}
          </button>
        ))}
        {step.branches.length > 1 && (
          <span className="zz-note">
            <kbd className="zz-key">↑</kbd> <kbd className="zz-key">↓</kbd> 换分支
          </span>
        )}
      </nav>
    </>
  );
}
