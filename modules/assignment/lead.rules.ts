/** 报备: who registers follows up, and the first valid registration counts. */
import { readCandidateNo, readIdNumber, readName, readPhones } from '#delivery/rules';

/** Most registrations of one person: against claims by the list. */
export const LEADS_PER_DAY = 100;
export const LEADS_PER_SEASON = 500;

export const LEAD_STATES = ['open', 'matched', 'disputed', 'void'] as const;
export type LeadState = (typeof LEAD_STATES)[number];

export const DISPUTES = ['later', 'ambiguous', 'name_differs', 'after_delivery'] as const;
export type Dispute = (typeof DISPUTES)[number];

/** By which fact a lead found a candidate, the surest first. */
export const LEAD_FACTS = ['number', 'id', 'phone'] as const;
type LeadFact = (typeof LEAD_FACTS)[number];

/** One candidate that fits an open lead. */
export interface Found {
  readonly leadId: string;
  readonly recruiterId: string;
  readonly registeredAt: number;
  readonly candidateId: string;
  readonly by: LeadFact;
  readonly sameName: boolean;
  /** Registered by the recruiter when the candidate's file was here already. */
  readonly afterDelivery: boolean;
}

export interface Verdict {
  readonly leadId: string;
  readonly state: 'matched' | 'disputed' | 'void';
  readonly candidateId: string | null;
  readonly dispute: Dispute | null;
  readonly voidReason: string | null;
}

const OWN_DOUBLE = '本人已更早报备过同一名考生';

/**
 * Decides open leads against the candidates they fit. `taken` tells whose lead a candidate is already. What is not plain goes
 * to the office; nobody loses a registration silently.
 */
export function judge(found: readonly Found[], taken: ReadonlyMap<string, string>): Verdict[] {
  const owners = new Map(taken);
  const leads = [...Map.groupBy(found, ({ leadId }) => leadId).values()].toSorted(
    ([one], [other]) =>
      (one?.registeredAt ?? 0) - (other?.registeredAt ?? 0) ||
      ((one?.leadId ?? '') < (other?.leadId ?? '') ? -1 : 1),
  );
  return leads.flatMap((fits) => {
    const lead = fits[0];
    if (!lead) return [];
    const best = aimOf(fits);
    const verdict = best === 'ambiguous' ? disputed(lead, null, best) : decide(best, owners);
    if (verdict.state === 'matched' && verdict.candidateId !== null)
      owners.set(verdict.candidateId, lead.recruiterId);
    return verdict;
  });
}

/** The one candidate meant: by the surest fact, and among several by the name. */
function aimOf(fits: readonly Found[]): Found | 'ambiguous' {
  const surest = LEAD_FACTS.find((fact) => fits.some(({ by }) => by === fact));
  const candidates = fits.filter(({ by }) => by === surest);
  const named = candidates.filter(({ sameName }) => sameName);
  const [only, ...more] = named.length > 0 ? named : candidates;
  return only && more.length === 0 ? only : 'ambiguous';
}

function decide(fit: Found, owners: ReadonlyMap<string, string>): Verdict {
  const owner = owners.get(fit.candidateId);
  if (owner === fit.recruiterId)
    return { ...verdictOf(fit.leadId, fit.candidateId), state: 'void', voidReason: OWN_DOUBLE };
  if (owner !== undefined) return disputed(fit, fit.candidateId, 'later');
  if (!fit.sameName) return disputed(fit, fit.candidateId, 'name_differs');
  if (fit.afterDelivery) return disputed(fit, fit.candidateId, 'after_delivery');
  return { ...verdictOf(fit.leadId, fit.candidateId), state: 'matched' };
}

const verdictOf = (leadId: string, candidateId: string | null) => ({
  leadId,
  candidateId,
  dispute: null,
  voidReason: null,
});

const disputed = ({ leadId }: Found, candidateId: string | null, dispute: Dispute): Verdict => ({
  ...verdictOf(leadId, candidateId),
  state: 'disputed',
  dispute,
});

/** A registration as typed or read from a row. */
export interface LeadText {
  readonly name: string;
  readonly candidateNo: string;
  readonly idNumber: string;
  readonly phone: string;
}

/** What identifies the prospective student, normalised. */
export interface LeadKeys {
  readonly name: string;
  readonly candidateNo: string | null;
  readonly idNumber: string | null;
  /** E.164. */
  readonly phone: string | null;
}

/** A valid registration has a name and one fact that can find the candidate; else a sentence. */
export function readLead(text: LeadText): LeadKeys | string {
  const { name } = readName(text.name);
  if (name.length < 2) return '姓名至少两个字';
  const candidateNo = text.candidateNo === '' ? null : readCandidateNo(text.candidateNo);
  if (text.candidateNo !== '' && candidateNo === null) return '考生号应为 14 位数字';
  const { idNumber, valid } = readIdNumber(text.idNumber);
  if (idNumber !== null && !valid) return '身份证号校验不通过，请核对';
  const phone = phoneOf(text.phone);
  if (text.phone !== '' && phone === null) return '电话号码读不出来，请写 11 位手机号或带区号的座机号';
  if (candidateNo === null && idNumber === null && phone === null) return '考生号、身份证号、电话至少填一项';
  return { name, candidateNo, idNumber, phone };
}

const phoneOf = (text: string): string | null =>
  readPhones([{ text, source: '报备', relation: null }]).phones[0]?.number ?? null;

/** Why no more may be registered now; null when there is room. */
export function overQuota(today: number, season: number, more: number): string | null {
  if (today + more > LEADS_PER_DAY)
    return `今天已报备 ${today} 名，每天最多 ${LEADS_PER_DAY} 名，请明天再报备。`;
  if (season + more > LEADS_PER_SEASON)
    return `本季已报备 ${season} 名，每人最多 ${LEADS_PER_SEASON} 名；确有需要请联系招办导入。`;
  return null;
}

/** Columns of the sheet; the first heading is the template's. */
export const LEAD_COLUMNS = {
  name: ['考生姓名', '姓名', '学生姓名'],
  candidateNo: ['考生号', '高考报名号'],
  idNumber: ['身份证号', '身份证', '证件号码'],
  phone: ['联系电话', '电话', '手机号', '手机'],
  recruiter: ['报备人账号', '报备人', '账号', '工号'],
  source: ['来源', '报备来源', '渠道'],
  at: ['报备时间', '登记时间', '报备日期'],
} as const;
type LeadColumn = keyof typeof LEAD_COLUMNS;

/** A row of the sheet with its number there. */
export interface LeadLine extends LeadText {
  readonly row: number;
  readonly recruiter: string;
  readonly source: string;
  readonly at: string;
}

const HEAD_LINES = 10;

/** Finds the heading row and reads what is under it; a sentence when name or recruiter has no column. */
export function readLeadLines(lines: readonly (readonly string[])[]): LeadLine[] | string {
  const keys = Object.keys(LEAD_COLUMNS) as LeadColumn[];
  const known = (text: string): LeadColumn | undefined =>
    keys.find((key) =>
      (LEAD_COLUMNS[key] as readonly string[]).includes(text.normalize('NFKC').replace(/\s/g, '')),
    );
  const at = lines.slice(0, HEAD_LINES).findIndex((line) => {
    const found = line.map(known);
    return found.includes('name') && found.includes('recruiter');
  });
  if (at < 0) return '前 10 行里没有找到“考生姓名”和“报备人账号”两列，请对照模板补上表头。';
  const heads = (lines[at] ?? []).map(known);
  return lines.slice(at + 1).flatMap((line, index) => {
    const text = (key: LeadColumn): string => (line[heads.indexOf(key)] ?? '').normalize('NFKC').trim();
    const cells = Object.fromEntries(
      keys.map((key) => [key, heads.includes(key) ? text(key) : '']),
    ) as Record<LeadColumn, string>;
    return Object.values(cells).some((cell) => cell !== '') ? [{ ...cells, row: at + index + 2 }] : [];
  });
}

/** `2026-06-20`, `2026/6/20 9:30`, `20260620` in China; null when it is no date, undefined when empty. */
export function readMoment(text: string): number | null | undefined {
  if (text === '') return undefined;
  const parts = /^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T](\d{1,2}):(\d{2}))?/.exec(text);
  if (!parts) return null;
  const [, year = '', month = '', day = '', hour = '0', minute = '0'] = parts;
  const two = (figure: string) => figure.padStart(2, '0');
  const at = Date.parse(`${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:00+08:00`);
  return Number.isNaN(at) ? null : at;
}
