/** Scripts as data: what a caller says, step by step, with branches and merge fields; nothing in them is executed. */
import type { Phase, Round } from '#season/rules';
import { type Flag, findPhrases, type Phrase } from './phrase.rules.ts';

export {
  type Flag,
  findPhrases,
  isPattern,
  PHRASE_KINDS,
  type Phrase,
  type PhraseKind,
} from './phrase.rules.ts';

export type ScriptId = string & { readonly brand: 'ScriptId' };
export type ScriptVersionId = string & { readonly brand: 'ScriptVersionId' };

export const SCRIPT_KINDS = ['call', 'sms'] as const;
export type ScriptKind = (typeof SCRIPT_KINDS)[number];

/** What a text message follows by itself. The other messages are chosen by a person. */
export const OCCASIONS = ['no_answer', 'switched_off', 'declined'] as const;
export type Occasion = (typeof OCCASIONS)[number];

/** `to` of a branch that ends the script. */
export const END = 'end';

export interface Branch {
  readonly label: string;
  /** Id of the next step, or `end`. */
  readonly to: string;
}

export interface Step {
  readonly id: string;
  readonly title: string;
  /** Spoken words, with merge fields such as {{考生}}. */
  readonly say: string;
  /** What to find out or do here; not spoken. */
  readonly ask: string;
  /** No branches: the script ends here. */
  readonly branches: readonly Branch[];
}

/** An objection and the honest answer to it, one key away during the call. */
export interface Objection {
  readonly id: string;
  readonly title: string;
  /** What the candidate typically says. */
  readonly keyword: string;
  readonly say: string;
  /** Document that the answer rests on. */
  readonly source: string;
}

/** A message (sms) is one step without branches. The first step is where the call begins. */
export interface ScriptBody {
  readonly steps: readonly Step[];
  readonly objections: readonly Objection[];
}

/** Where a script is spoken; null fits every policy, phase or round. */
export interface Place {
  readonly kind: ScriptKind;
  readonly withdrawable: boolean | null;
  readonly phase: Phase | null;
  readonly round: Round | null;
  /** Messages only: sent by the platform after such a call; null: chosen by a person. */
  readonly occasion: Occasion | null;
}

/** Where a call stands. */
export interface Spot {
  readonly kind: ScriptKind;
  readonly withdrawable: boolean | null;
  readonly phase: Phase;
  readonly round: Round;
  /** Asks for the message that follows by itself; absent: every message that fits. */
  readonly occasion?: Occasion;
}

/** The fields a text may use: {{word}} → key. Nothing else is replaced. */
export const MERGE_FIELDS = {
  caller: { word: '回访员', sample: '周宁' },
  college: { word: '学校', sample: '示例学院' },
  candidate: { word: '考生', sample: '林晓' },
  year: { word: '年份', sample: '2026' },
  province: { word: '省份', sample: '贵州' },
  batch: { word: '批次', sample: '本科批' },
  major: { word: '专业', sample: '学前教育' },
  preference: { word: '志愿序号', sample: '3' },
  tuition: { word: '学费', sample: '17,000 元/年' },
  deadline: { word: '退档截止', sample: '7月28日 17:00' },
} as const satisfies Record<string, { word: string; sample: string }>;
export type MergeKey = keyof typeof MERGE_FIELDS;
/** Fields that every candidate has; a message that goes out by itself uses no others, because nobody reads it first. */
export const CERTAIN_FIELDS: readonly MergeKey[] = [
  'caller',
  'college',
  'candidate',
  'year',
  'province',
  'batch',
];
export const MERGE_KEYS = Object.keys(MERGE_FIELDS) as readonly MergeKey[];

const KEY_OF_WORD: ReadonlyMap<string, MergeKey> = new Map(
  MERGE_KEYS.map((key) => [MERGE_FIELDS[key].word, key]),
);
const FIELD = /\{\{([^{}]*)\}\}/g;

/** The text with its fields filled in; a field without a value says so instead of leaving a hole. */
export function mergeText(text: string, values: Readonly<Partial<Record<MergeKey, string>>>): string {
  return text.replaceAll(FIELD, (whole, word: string) => {
    const key = KEY_OF_WORD.get(word.trim());
    return key ? (values[key] ?? `（${word.trim()}未登记）`) : whole;
  });
}

/** The words between double braces, blanks around them left out. */
export const fieldsIn = (text: string): string[] =>
  [...text.matchAll(FIELD)].map((match) => match[1]?.trim() ?? '');

/** One value of every field, for previews. */
export const SAMPLE_VALUES = Object.fromEntries(
  MERGE_KEYS.map((key) => [key, MERGE_FIELDS[key].sample]),
) as Readonly<Record<MergeKey, string>>;

/** All texts of a script with the name of the place they stand in. */
export const textsOf = (body: ScriptBody): readonly { where: string; text: string }[] => [
  ...body.steps.flatMap(({ title, say, ask }) => [
    { where: title, text: say },
    // What a hint tells the caller to say is said.
    ...(ask ? [{ where: `${title}（提示）`, text: ask }] : []),
  ]),
  ...body.objections.map(({ title, say }) => ({ where: `异议：${title}`, text: say })),
];

/** A flagged phrase of a script, where it stands, and the document that allows it. */
export interface ScriptFlag extends Flag {
  readonly where: string;
  /** Null or empty: nobody has cited a document yet, and the script cannot be approved. */
  readonly source: string | null;
}

/** The flags of a script; documents already cited for the same phrase in the same place are kept. */
export function flagScript(
  body: ScriptBody,
  phrases: readonly Phrase[],
  cited: readonly Pick<ScriptFlag, 'phraseId' | 'where' | 'source'>[] = [],
): ScriptFlag[] {
  return textsOf(body).flatMap(({ where, text }) =>
    findPhrases(text, phrases).map((flag) => ({
      ...flag,
      where,
      source:
        cited.find((one) => one.phraseId === flag.phraseId && one.where === where)?.source?.trim() || null,
    })),
  );
}

/** 话术 versions: written, submitted, decided by a second person. */
export const VERSION_STATES = ['draft', 'submitted', 'approved', 'rejected', 'retired'] as const;
export type VersionState = (typeof VERSION_STATES)[number];

/** What may be done with a version in each state. */
export const ACTS = {
  draft: ['edit', 'submit'],
  submitted: ['approve', 'reject', 'take_back'],
  approved: ['retire', 'copy'],
  rejected: ['copy'],
  retired: ['copy'],
} as const satisfies Record<VersionState, readonly string[]>;
export type Act = (typeof ACTS)[VersionState][number];

export const allows = (state: VersionState, act: Act): boolean =>
  (ACTS[state] as readonly string[]).includes(act);

/** Whether a script fits a spot: every part that it names must be that of the spot. */
const fits = (place: Place, spot: Spot): boolean =>
  place.kind === spot.kind &&
  (place.withdrawable === null || place.withdrawable === spot.withdrawable) &&
  (place.phase === null || place.phase === spot.phase) &&
  (place.round === null || place.round === spot.round) &&
  (spot.occasion === undefined || place.occasion === spot.occasion);

/** The policy weighs most: the wrong family of script is the gravest mistake on the phone. */
const weight = ({ withdrawable, phase, round }: Place): number =>
  (withdrawable === null ? 0 : 4) + (phase === null ? 0 : 2) + (round === null ? 0 : 1);

/** Those that fit the spot, the most specific first, then by name. */
export const mostSpecific = <T extends Place & { readonly name: string }>(
  scripts: readonly T[],
  spot: Spot,
): T[] =>
  scripts
    .filter((script) => fits(script, spot))
    .sort((left, right) => weight(right) - weight(left) || (left.name < right.name ? -1 : 1));
