import { Input } from 'antd';
import { useDeferredValue, useState } from 'react';
import type { RouteReply } from '#platform/http/route';
import { type ApiError, useCommand, useRoute } from '#ui/api';
import { textOf } from '#ui/search-params';
import { useKept } from '#ui/url-state';
import { inboundRoute, noteInboundRoute, takeOverRoute } from '../case.contract.ts';
import { CASE_STATE_LABELS, DISPOSITION_LABELS } from '../contract.ts';
import { Choice, PanelFrame } from './panel-frame.tsx';
import { useWorkCommand } from './use-work.tsx';

interface InboundPanelProps {
  readonly say: (message: string | null) => void;
  readonly onClose: () => void;
}

const DIGITS = 4;
const reasons = ['考生来电', '家长来电', '考生或家长来访', '同事转来'] as const;

/** Somebody calls us: the last four digits find the candidate and who is responsible; one key takes over. */
export function InboundPanel({ say, onClose: closed }: InboundPanelProps) {
  const [{ words }, forget] = useKept();
  const [text, setText] = useState(textOf(words?.inbound));
  const onClose = () => {
    if (words?.inbound !== undefined) forget();
    closed();
  };
  const [picked, pick] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const wanted = useDeferredValue(text.trim());
  const found = useRoute(inboundRoute, { body: { text: wanted } }, { enabled: wanted.length >= DIGITS });
  const items = wanted.length >= DIGITS ? (found.data?.items ?? []) : [];
  const chosen = items.find(({ caseId }) => caseId === picked);
  const answering = useAnswering(chosen, { say, onClose, onProblem: setProblem });
  const choose = (index: number) => {
    const item = items[index];
    if (!item) return;
    if (item.barred) return setProblem(item.barred);
    setProblem(null);
    pick(item.caseId);
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  };
  const keys = Object.fromEntries(
    chosen
      ? reasons.map((reason, index) => [
          String(index + 1),
          { label: reason, run: () => answering.take(reason) },
        ])
      : items
          .slice(0, 9)
          .map((item, index) => [
            `Alt+${index + 1}`,
            { label: item.candidateName, run: () => choose(index) },
          ]),
  );
  return (
    <PanelFrame title="来电查找" onClose={onClose} keys={keys} busy={answering.busy}>
      <Input
        autoFocus
        size="large"
        aria-label="号码"
        placeholder="来电号码，或手机、考生号的后四位；回车选第一个"
        maxLength={20}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          pick(null);
          setProblem(null);
        }}
        onPressEnter={() => choose(0)}
      />
      {problem && <p className="zz-call-barred">{problem}</p>}
      {found.error && <p className="zz-call-barred">{found.error.message}</p>}
      <ol className="zz-found">
        {items.slice(0, 8).map((item, index) => (
          <li key={item.caseId}>
            <button
              type="button"
              className="zz-plain zz-choice"
              aria-pressed={item.caseId === picked}
              onClick={() => choose(index)}
            >
              <kbd className="zz-key">Alt+{index + 1}</kbd> <b>{item.candidateName}</b>{' '}
              {item.candidateNoMasked} {item.phoneMasked}
              <span className="zz-note">
                {CASE_STATE_LABELS[item.state]} · {DISPOSITION_LABELS[item.disposition]} · 负责人{' '}
                {item.ownerName ?? '无'}
                {item.groupName && `（${item.groupName}）`}
              </span>
              {item.barred && <span className="zz-call-barred">{item.barred}</span>}
            </button>
          </li>
        ))}
      </ol>
      {wanted.length >= DIGITS && found.isSuccess && items.length === 0 && (
        <p className="zz-note">没有找到，请核对号码或请对方报考生号。</p>
      )}
      {chosen && (
        <>
          {chosen.registerOnly && (
            <RegisterOnly why={chosen.registerOnly} said={answering.said} onSay={answering.setSaid} />
          )}
          <h4>
            {chosen.registerOnly ? '登记来电（记入日志，提醒负责人）' : '接管原因（负责人不变，记入日志）'}
          </h4>
          <div className="zz-choices">
            {reasons.map((reason, index) => (
              <Choice key={reason} chord={String(index + 1)} onClick={() => answering.take(reason)}>
                {reason}
              </Choice>
            ))}
          </div>
        </>
      )}
    </PanelFrame>
  );
}

type FoundItem = RouteReply<typeof inboundRoute>['items'][number];
interface Answering {
  readonly say: InboundPanelProps['say'];
  readonly onClose: () => void;
  readonly onProblem: (message: string) => void;
}

/** Takes the case over, or registers the call where the file of a minor stays shut. */
function useAnswering(chosen: FoundItem | undefined, { say, onClose, onProblem }: Answering) {
  const [said, setSaid] = useState('');
  const takeOver = useWorkCommand(takeOverRoute, onClose);
  const register = useCommand(noteInboundRoute, {
    onDone: ({ toldOwner }) => {
      onClose();
      say(
        toldOwner
          ? '已登记，负责人和组长收到了提醒，请告诉对方马上会回电。'
          : '已登记，已提醒组长或招办安排回电。',
      );
    },
  });
  const busy = takeOver.isPending || register.isPending;
  const take = (reason: string) => {
    if (!chosen || busy) return;
    say(null);
    const failed = { onError: (error: ApiError) => onProblem(error.message) };
    const params = { caseId: chosen.caseId };
    if (chosen.registerOnly === null) return takeOver.mutate({ params, body: { reason } }, failed);
    register.mutate({ params, body: { reason, said: said.trim() } }, failed);
  };
  return { take, busy, said, setSaid };
}

interface RegisterOnlyProps {
  readonly why: string;
  readonly said: string;
  readonly onSay: (said: string) => void;
}

function RegisterOnly({ why, said, onSay }: RegisterOnlyProps) {
  return (
    <>
      <p className="zz-call-barred">{why}</p>
      <Input
        aria-label="对方说了什么"
        placeholder="对方说了什么、几点方便（可不填，写完按回车）"
        maxLength={200}
        value={said}
        onChange={(event) => onSay(event.target.value)}
        onPressEnter={(event) => event.currentTarget.blur()}
      />
    </>
  );
}
