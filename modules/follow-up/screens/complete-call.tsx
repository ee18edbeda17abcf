import { Button, InputNumber } from 'antd';
import { useState } from 'react';
import { RELATION_LABELS } from '#candidate/contract';
import type { ApiError } from '#ui/api';
import { formatDateTime } from '#ui/format';
import { KeyCap, useKeys } from '#ui/keyboard';
import { useSession } from '#ui/session';
import { completeRoute } from '../case.contract.ts';
import { CONNECTED_KEY, resultKeys, stageFor } from '../key.rules.ts';
import { type Outcome, ruleOf } from '../outcome.rules.ts';
import type { WorkView } from '../work.contract.ts';
import { answerOf } from './call-state.ts';
import { useWorkCommand } from './use-work.tsx';

interface CompleteCallProps {
  readonly call: WorkView['incomplete'][number];
  readonly others: number;
  readonly say: (message: string | null) => void;
}

const DIGITS = '12345678';
/** Without those that the page itself uses. */
const LETTERS = 'ABCDEFGHJKLMOPQSTUVWXY';

/** A call that was dialled and never given a result: it is told before the next candidate is pulled. */
export function CompleteCall({ call, others, say }: CompleteCallProps) {
  const [answered, setAnswered] = useState(false);
  const [minutes, setMinutes] = useState<number | null>(null);
  const [chosen, setChosen] = useState<Outcome | null>(null);
  const escalationTeam = useSession().roles.includes('escalation_member');
  const complete = useWorkCommand(completeRoute);
  const { keys, more } = resultKeys({
    stage: stageFor(answered, call.relation),
    withdrawable: call.withdrawable,
    escalationTeam,
  });
  const save = (outcome: Outcome) => {
    if (complete.isPending) return;
    if (outcome === 'R1' && chosen !== 'R1') return setChosen('R1');
    say(null);
    const done = outcome === 'R1';
    const body = {
      ...answerOf(outcome),
      talkSeconds: Math.round((minutes ?? 0) * 60),
      checked: { major: done, identity: done },
    };
    complete.mutate(
      { params: { attemptId: call.attemptId }, body },
      { onError: (error: ApiError) => say(error.message) },
    );
  };
  const shown = [...keys, ...more].filter((outcome) => outcome !== 'A8');
  const chords = answered ? `${DIGITS}9${LETTERS}` : DIGITS + LETTERS;
  const back = () => {
    setChosen(null);
    setAnswered(false);
  };
  useKeys(
    {
      ...Object.fromEntries(
        shown.map((outcome, index) => [
          chords[index] ?? '',
          { label: ruleOf(outcome).label, run: () => save(outcome) },
        ]),
      ),
      ...(answered
        ? { Escape: { label: '其实没接通', run: back } }
        : { [CONNECTED_KEY]: { label: '接通了', run: () => setAnswered(true) } }),
    },
    true,
    '补填结果',
  );
  return (
    <div className="zz-complete">
      <h2>
        请补填：{call.candidateName}（{RELATION_LABELS[call.relation]} {call.masked}）
      </h2>
      <p>
        {formatDateTime(call.startedAt)}{' '}
        拨出后超过占用时间，没有登记结果（记为“未填结果”）。补填之后才能取下一位
        {others > 0 && `，另有 ${others} 通`}。
      </p>
      {answered && (
        <div>
          通话大约{' '}
          <InputNumber
            size="small"
            min={0}
            max={240}
            value={minutes}
            onChange={setMinutes}
            aria-label="通话分钟"
          />{' '}
          分钟
        </div>
      )}
      <div className="zz-complete-keys">
        {shown.map((outcome, index) => (
          <Button
            key={outcome}
            onClick={() => save(outcome)}
            {...(chosen === outcome ? { type: 'primary' } : {})}
          >
            <KeyCap chord={chords[index] ?? ''} /> {ruleOf(outcome).label}
            {chosen === outcome && `：已核对，再按 ${chords[index]}`}
          </Button>
        ))}
        {answered ? (
          <Button type="text" onClick={back}>
            <KeyCap chord="Esc" /> 其实没接通
          </Button>
        ) : (
          <Button type="primary" ghost onClick={() => setAnswered(true)}>
            <KeyCap chord={CONNECTED_KEY} /> 接通了
          </Button>
        )}
      </div>
    </div>
  );
}
