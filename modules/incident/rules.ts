/** 个人信息安全事件: what 个人信息保护法 art. 57 asks for when personal data leaked, was changed or lost. */

export const INCIDENT_KINDS = ['leak', 'tamper', 'loss', 'other'] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

export const INCIDENT_KIND_LABELS: Readonly<Record<IncidentKind, string>> = {
  leak: '泄露',
  tamper: '篡改',
  loss: '丢失',
  other: '其他',
};

export const AUDIENCES = ['authority', 'subjects'] as const;
export type Audience = (typeof AUDIENCES)[number];

export const AUDIENCE_LABELS: Readonly<Record<Audience, string>> = {
  authority: '主管部门',
  subjects: '受影响的个人',
};

/** What a notice must say, art. 57 (1) to (3). */
export interface IncidentFacts {
  readonly kind: IncidentKind;
  readonly title: string;
  readonly foundAt: number;
  readonly happenedAt: number | null;
  /** Kinds of personal information. */
  readonly dataKinds: string;
  /** People; null: not known yet. */
  readonly affected: number | null;
  readonly cause: string;
  readonly harm: string;
  /** What the college has done. */
  readonly measures: string;
  /** What a person can do against harm. */
  readonly selfHelp: string;
  readonly contact: string;
  /** False: the measures keep all harm away, so that the persons need not be told. */
  readonly subjectsTold: boolean;
}

const HOUR_MS = 3_600_000;

/** When the authority is to have been told: the organisation's hours from the discovery. */
export const dueAt = (foundAt: number, hours: number): number => foundAt + hours * HOUR_MS;

/** An alarm goes out when so little is left. */
export const ALARM_HOURS = 4;
export const isAlarming = (authorityDueAt: number, now: number): boolean =>
  now >= authorityDueAt - ALARM_HOURS * HOUR_MS;

const NEEDED = {
  dataKinds: '涉及的个人信息种类',
  cause: '原因',
  harm: '可能造成的危害',
  measures: '已采取的补救措施',
  selfHelp: '个人可以采取的措施',
  contact: '联系方式',
} as const satisfies Partial<Record<keyof IncidentFacts, string>>;
type Needed = keyof typeof NEEDED;
const SAID_TO: Readonly<Record<Audience, readonly Needed[]>> = {
  authority: ['dataKinds', 'cause', 'harm', 'measures', 'contact'],
  subjects: ['dataKinds', 'cause', 'harm', 'measures', 'selfHelp', 'contact'],
};

/** What the law wants in a notice and nobody has written yet, in words. */
export const missingFor = (facts: IncidentFacts, audience: Audience): string[] =>
  SAID_TO[audience].filter((field) => facts[field].trim() === '').map((field) => NEEDED[field]);

const OPEN = '（待补充）';
const said = (text: string): string => (text.trim() === '' ? OPEN : text.trim());

const time = (at: number): string => {
  const local = new Date(at + 8 * HOUR_MS);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${local.getUTCFullYear()}年${local.getUTCMonth() + 1}月${local.getUTCDate()}日 ${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`;
};

/** The text of a notice, ready to be read over and sent: art. 57 (1) kinds, cause and harm, (2) measures, (3) contact. */
export function draftOf(facts: IncidentFacts, audience: Audience, collegeName: string): string {
  const people = facts.affected === null ? '人数正在核实' : `约 ${facts.affected} 人`;
  const when = facts.happenedAt === null ? '' : `，发生于 ${time(facts.happenedAt)}`;
  const what = INCIDENT_KIND_LABELS[facts.kind];
  const head =
    audience === 'authority'
      ? `关于${collegeName}发生个人信息安全事件的报告`
      : `${collegeName}关于个人信息安全事件的告知`;
  const opening =
    audience === 'authority'
      ? `根据《中华人民共和国个人信息保护法》第五十七条，现报告如下。`
      : `您的个人信息可能受到下述事件影响，根据《中华人民共和国个人信息保护法》第五十七条告知如下。`;
  return [
    head,
    opening,
    `一、事件：${facts.title}（${what}）。${time(facts.foundAt)} 发现${when}。`,
    `二、涉及的个人信息：${said(facts.dataKinds)}；涉及${people}。`,
    `三、原因：${said(facts.cause)}`,
    `四、可能造成的危害：${said(facts.harm)}`,
    `五、已采取的补救措施：${said(facts.measures)}`,
    ...(audience === 'subjects' ? [`六、您可以采取的措施：${said(facts.selfHelp)}`] : []),
    `${audience === 'subjects' ? '七' : '六'}、联系方式：${said(facts.contact)}`,
    collegeName,
  ].join('\n');
}

export interface CloseFault {
  readonly code: 'authority_not_told' | 'subjects_not_told';
  readonly message: string;
}

/** What stands against closing: whoever the law names has not been told. */
export function closeFault(
  facts: Pick<IncidentFacts, 'subjectsTold'>,
  told: readonly Audience[],
): CloseFault | null {
  if (!told.includes('authority'))
    return { code: 'authority_not_told', message: '还没有登记向主管部门的报告，登记以后才能办结。' };
  if (facts.subjectsTold && !told.includes('subjects'))
    return {
      code: 'subjects_not_told',
      message: '还没有登记对个人的告知；确实不需要告知的，请先在事件里改为不告知并写明理由。',
    };
  return null;
}
