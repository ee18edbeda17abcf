import { useRoute } from '#ui/api';
import { evidenceGap } from '../escalation.rules.ts';
import type { Outcome } from '../outcome.rules.ts';
import { ruleOf } from '../outcome.rules.ts';
import { type PlaybookData, readPlaybook } from '../playbook.contract.ts';
import { STEP_RULES, type StepState } from '../playbook.rules.ts';
import type { LeaseData } from '../work.contract.ts';

/** Why the case in hand may not go to the escalation team yet: nothing was tried, this call included. Null: it may. */
export function handOverGap(
  { case: held, numbers }: Pick<LeaseData, 'case' | 'numbers'>,
  outcome: Outcome | null,
): string | null {
  const counted = outcome !== null && ruleOf(outcome).attempt ? 1 : 0;
  return evidenceGap({ attempts: held.attempts + counted, steps: 0, numbers: numbers.length });
}

/** What the search has come to, in a line for each state; the escalation team begins where it ends. */
export function TriedSteps({ caseId }: { readonly caseId: string }) {
  const { data } = useRoute(readPlaybook, { params: { caseId } });
  if (!data) return null;
  return (
    <>
      <h4>联系不上的办法做到哪一步（按 Esc 收起后按 L 登记）</h4>
      <ul className="zz-evidence">
        {lines(data).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  );
}

const WORDS: readonly (readonly [word: string, states: readonly StepState[]])[] = [
  ['已做', ['done']],
  ['等待答复', ['waiting']],
  ['还没做', ['next', 'open']],
];

function lines({ steps }: PlaybookData): string[] {
  return WORDS.flatMap(([word, states]) => {
    const names = steps
      .filter(({ step, state }) => step !== 'hand_over' && states.includes(state))
      .map(({ step }) => STEP_RULES[step].label);
    return names.length === 0 ? [] : [`${word}：${names.join('、')}`];
  });
}
