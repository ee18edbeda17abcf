import { CheckCircleFilled, StopFilled } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Tag } from 'antd';
import { PHASE_LABELS, ROUND_LABELS } from '#season/contract';
import { provinceName } from '#season/rules';
import { routeQuery } from '#ui/api';
import { Countdown } from '#ui/countdown';
import { blank, formatDateTime, formatDuration, formatMoney } from '#ui/format';
import { aidsRoute } from '../case.contract.ts';
import { DISPOSITION_LABELS } from '../contract.ts';
import type { LeaseData } from '../work.contract.ts';
import type { Desk } from './use-desk.tsx';
import { WithdrawalLink } from './withdrawal-link.tsx';

const AIDS_FRESH_MS = 600_000;

/** Catalogue of signals and message templates for where this candidate stands. */
export function useAids({ policy, case: held }: LeaseData) {
  return useQuery({
    ...routeQuery(aidsRoute, {
      query: { withdrawable: policy.withdrawable ? 'true' : 'false', phase: held.phase, round: held.round },
    }),
    staleTime: AIDS_FRESH_MS,
  });
}

/** Who is being called, and by which rules: what a caller must know before saying a word. */
export function CandidatePane({ desk }: { readonly desk: Desk }) {
  const { lease } = desk;
  const { candidate, policy, case: held } = lease;
  return (
    <section className="zz-call-left" aria-label="考生">
      <header className="zz-call-name">
        <h2 title={candidate.name}>{candidate.name}</h2>
        <p>
          <code>{candidate.candidateNo}</code>
          {candidate.sex && <span>{candidate.sex === 'male' ? '男' : '女'}</span>}
          {candidate.minor && <Tag color="warning">未成年</Tag>}
          {candidate.artSchoolExam && <Tag>校考</Tag>}
        </p>
      </header>
      <PolicyBadge lease={lease} />
      {policy.phoneShielded && <p className="zz-call-shield">该省屏蔽考生电话：只用现有号码，不向外查号。</p>}
      <Facts lease={lease} />
      <Signals lease={lease} />
      <PastLines lease={lease} />
      <footer className="zz-call-case">
        <span>
          {PHASE_LABELS[held.phase]} · {ROUND_LABELS[held.round]} · {DISPOSITION_LABELS[held.disposition]}
          {held.ownerName && ` · 负责人 ${held.ownerName}`}
        </span>
        <span>
          已联系 {held.attempts} 次，接通 {held.contacts} 次，通话 {formatDuration(held.talkSeconds)}
        </span>
        {held.callbackNote && <b>约定：{held.callbackNote}</b>}
        <WithdrawalLink desk={desk} />
      </footer>
    </section>
  );
}

function PolicyBadge({ lease: { policy, case: held } }: { readonly lease: LeaseData }) {
  const free = policy.withdrawable;
  const deadline = free ? policy.withdrawalDeadlineAt : (held.deadlineAt ?? policy.batchEndsAt);
  return (
    <div className={free ? 'zz-policy zz-policy-free' : 'zz-policy zz-policy-bound'}>
      <strong>
        {free ? <CheckCircleFilled /> : <StopFilled />} {free ? '可退档' : '不可退档'}
      </strong>
      <span>{free ? '本人书面申请方可退档' : '投档后即录取，只做告知与服务'}</span>
      <span>
        {deadline === null ? (
          '期限未登记'
        ) : (
          <>
            {free ? '退档截止' : '本批截止'} {formatDateTime(deadline).slice(5)}{' '}
            <Countdown to={deadline} urgentSeconds={86_400} />
          </>
        )}
      </span>
    </div>
  );
}

function Facts({ lease: { candidate, policy } }: { readonly lease: LeaseData }) {
  const province = provinceName(candidate.provinceCode);
  const rows: readonly (readonly [string, string | null])[] = [
    ['批次', `${province} ${candidate.batchName}${policy.newExam ? '（新高考）' : ''}`],
    ['科类', [candidate.category, preference(candidate)].filter(Boolean).join('　') || null],
    ['专业', candidate.majorName],
    ['学费', candidate.majorTuitionFen === null ? null : `${formatMoney(candidate.majorTuitionFen)} / 年`],
    ['成绩', scores(candidate)],
    ['中学', candidate.schoolName],
  ];
  return (
    <dl className="zz-call-facts">
      {rows.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd title={value ?? undefined}>{value ?? blank}</dd>
        </div>
      ))}
    </dl>
  );
}

const preference = ({ preferenceRank }: LeaseData['candidate']): string | null =>
  preferenceRank === null ? null : `第 ${preferenceRank} 志愿`;

/** Hidden from student callers (教育部 2021: scores go to the candidate and the college only): the server sends none. */
function scores({ score, filingScore }: LeaseData['candidate']): string | null {
  if (score === null && filingScore === null) return '不显示或未提供';
  return [score === null ? null : `总分 ${score}`, filingScore === null ? null : `投档 ${filingScore}`]
    .filter(Boolean)
    .join('　');
}

function Signals({ lease }: { readonly lease: LeaseData }) {
  const { candidate } = lease;
  const catalogue = useAids(lease).data?.signals ?? [];
  const names = candidate.signals.map(
    (code) => catalogue.find((one) => one.code === code) ?? { name: code, help: '' },
  );
  const help = names.find((one) => one.help !== '')?.help;
  if (names.length === 0 && !candidate.pathwayInterest && !candidate.majorWish) return null;
  return (
    <div className="zz-call-signals">
      <p>
        {names.map(({ name }) => (
          <Tag key={name} color="warning">
            {name}
          </Tag>
        ))}
        {candidate.pathwayInterest && <Tag color="processing">本专硕意向</Tag>}
        {candidate.majorWish && <Tag>想读 {candidate.majorWish}</Tag>}
      </p>
      {help && <p className="zz-note">{help}</p>}
    </div>
  );
}

/** The last two years; more would push the file out of view. */
const LINES_SHOWN = 2;

function PastLines({ lease: { policy } }: { readonly lease: LeaseData }) {
  if (policy.pastLines.length === 0) return null;
  return (
    <p className="zz-note zz-call-lines">
      往年线：
      {policy.pastLines
        .slice(0, LINES_SHOWN)
        .map(
          ({ year, category, scoreMin, rankMin }) =>
            `${year} ${category} ${scoreMin}${rankMin === null ? '' : `（位次 ${rankMin}）`}`,
        )
        .join('；')}
    </p>
  );
}
