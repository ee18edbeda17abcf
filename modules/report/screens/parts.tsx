import './report.css';
import { formatCount, formatDuration } from '#ui/format';
import { RateStat, Stat } from '#ui/stat';
import { RATE_DEFINITIONS, type RateCode } from '../rules.ts';
import {
  averageText,
  type Board,
  discardedWords,
  type Fraction,
  gapWords,
  type Line,
  TERMS,
} from './words.ts';

/** 考生 = 未放出 + 待拨 + …: nobody is lost, or how many are. */
export function Equation({ line }: { readonly line: Line }) {
  return (
    <section className={line.gap === 0 ? 'zz-equal' : 'zz-equal zz-unequal'} aria-label="守恒等式">
      <div className="zz-terms">
        <Term label="考生" value={line.candidates} />
        {TERMS.map(([key, label], at) => (
          <span key={key} className="zz-term-pair">
            <b aria-hidden>{at === 0 ? '=' : '+'}</b>
            <Term label={label} value={line[key]} />
          </span>
        ))}
      </div>
      <p className={line.gap === 0 ? 'zz-note' : 'zz-gap-words'} role={line.gap === 0 ? undefined : 'alert'}>
        {gapWords(line.gap)}
      </p>
    </section>
  );
}

function Term({ label, value }: { readonly label: string; readonly value: number }) {
  return (
    <span className="zz-term">
      <strong>{formatCount(value)}</strong>
      <span>{label}</span>
    </span>
  );
}

/** The five standard rates, each with its two numbers and what they count, and the records that were left out. */
export function Rates({
  rates,
  sums,
}: {
  readonly rates: Board['rates'];
  readonly sums: Board['season_sums'];
}) {
  return (
    <>
      <div className="zz-stat-row">
        {(['contact', 'response', 'refusal'] as const).map((code) => (
          <RateStat
            key={code}
            label={RATE_DEFINITIONS[code].label}
            numerator={rates[code].part}
            denominator={rates[code].whole}
            definition={definitionOf(code)}
          />
        ))}
        <Stat
          label={RATE_DEFINITIONS.talk_per_contact.label}
          value={talkText(rates.talk_per_contact)}
          note={`${formatCount(Math.floor(rates.talk_per_contact.part / 60))} 分钟 ÷ ${formatCount(rates.talk_per_contact.whole)} 次。${definitionOf('talk_per_contact')}`}
        />
        <Stat
          label={RATE_DEFINITIONS.contacts_per_case.label}
          value={averageText(rates.contacts_per_case)}
          unit="次"
          note={`${formatCount(rates.contacts_per_case.part)} 次 ÷ ${formatCount(rates.contacts_per_case.whole)} 名。${definitionOf('contacts_per_case')}`}
        />
      </div>
      <p className="zz-note zz-gap">{discardedWords(sums)}</p>
    </>
  );
}

const definitionOf = (code: RateCode): string =>
  `${RATE_DEFINITIONS[code].part} ÷ ${RATE_DEFINITIONS[code].whole}。`;

const talkText = ({ part, whole }: Fraction): string =>
  whole === 0 ? '—' : formatDuration(Math.floor(part / whole));

/** A bar that is full when the bound is reached. */
export function TargetBar({ target }: { readonly target: Board['targets'][number] }) {
  const { rate, bound, unit, label, state } = target;
  const share = rate.whole === 0 ? 0 : Math.min(100, (rate.part * 100) / (rate.whole * bound));
  const reached = state === 'below' ? '未达标' : '已达标';
  return (
    <div className="zz-target">
      <span className="zz-stat-label">{label}</span>
      <span className="zz-stat-value">
        {averageText(rate)}
        <small>
          {unit}，目标 {bound} {unit}，{reached}
        </small>
      </span>
      <div className="zz-bar" aria-hidden>
        <i style={{ width: `${share}%` }} />
        <b style={{ left: '100%' }} />
      </div>
      <span className="zz-note">{behind(target)}</span>
    </div>
  );
}

/** Talk is counted in seconds, its bound in minutes; people read minutes and candidates. */
const behind = ({ code, rate, unit }: Board['targets'][number]): string => {
  const scale = code === 'talk' ? 60 : 1;
  return `${formatCount(Math.floor(rate.part / scale))} ${unit} ÷ ${formatCount(rate.whole / scale)} 名考生`;
};
