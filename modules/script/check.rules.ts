import {
  CERTAIN_FIELDS,
  END,
  fieldsIn,
  MERGE_FIELDS,
  MERGE_KEYS,
  type Place,
  type ScriptBody,
  type ScriptKind,
  type Step,
} from './rules.ts';

/** Why a script cannot be submitted, as a sentence that names the place. */
export interface ScriptIssue {
  readonly code:
    | 'no_steps'
    | 'too_many'
    | 'double_id'
    | 'empty'
    | 'too_long'
    | 'unknown_field'
    | 'uncertain_field'
    | 'code'
    | 'dangling'
    | 'unlabelled'
    | 'unreachable'
    | 'no_end'
    | 'not_one_text'
    | 'no_introduction'
    | 'no_source';
  readonly stepId: string | null;
  readonly message: string;
}

const STEPS_MAX = 40;
const SAY_MAX = 800;
/** Three joined messages; longer ones arrive torn. */
const SMS_MAX = 200;

const WORDS: ReadonlySet<string> = new Set(MERGE_KEYS.map((key) => MERGE_FIELDS[key].word));
/** Whatever looks like markup or a template of another kind. */
const CODE = /<\/?[a-z!]|\$\{|\{%|\}\}|\{\{|javascript:/iu;

/** Everything that stands in the way of a script. The same function warns in the editor and refuses on the server. */
export function checkScript(
  { kind, occasion }: Pick<Place, 'kind' | 'occasion'>,
  body: ScriptBody,
): ScriptIssue[] {
  if (body.steps.length === 0) return [issue('no_steps', null, '话术还没有任何步骤，请先添加一步。')];
  if (body.steps.length > STEPS_MAX) {
    const message = `共 ${body.steps.length} 步，最多 ${STEPS_MAX} 步，请拆成两份话术。`;
    return [issue('too_many', null, message)];
  }
  return [
    ...doubleIds(body),
    ...body.steps.flatMap((step) => stepIssues(step, kind)),
    ...body.objections.flatMap(({ id, title, say, source }) => [
      ...textIssues({ id, where: `异议“${title}”`, text: say, max: SAY_MAX }),
      ...(source.trim() ? [] : [issue('no_source', id, `异议“${title}”没有写依据，请注明政策文件或章程。`)]),
    ]),
    ...branchIssues(body.steps),
    ...pathIssues(body.steps),
    ...(kind === 'sms' ? oneTextIssues(body) : []),
    ...introductionIssues(kind, body),
    ...(occasion === null ? [] : uncertainFields(body)),
  ];
}

const issue = (code: ScriptIssue['code'], stepId: string | null, message: string): ScriptIssue => ({
  code,
  stepId,
  message,
});

function doubleIds({ steps, objections }: ScriptBody): ScriptIssue[] {
  const ids = [...steps, ...objections].map(({ id }) => id);
  const double = ids.find((id, place) => ids.indexOf(id) !== place || id === END);
  return double ? [issue('double_id', double, `步骤编号“${double}”重复或不可用，请换一个。`)] : [];
}

function stepIssues(step: Step, kind: ScriptKind): ScriptIssue[] {
  const max = kind === 'sms' ? SMS_MAX : SAY_MAX;
  const beside = [step.title, step.ask, ...step.branches.map(({ label }) => label)];
  const message = `“${step.title}”的标题、提示或分支名称里有字段、代码或不认识的符号，请删掉；字段只能写在要说的话里。`;
  return [
    ...textIssues({ id: step.id, where: `“${step.title}”`, text: step.say, max }),
    ...(beside.some((text) => CODE.test(text)) ? [issue('code', step.id, message)] : []),
  ];
}

/** Of a message only the first step would be sent. */
function oneTextIssues({ steps, objections }: ScriptBody): ScriptIssue[] {
  const [first] = steps;
  if (steps.length === 1 && first?.branches.length === 0 && objections.length === 0) return [];
  return [issue('not_one_text', null, '短信只有一段内容，不能有多个步骤、分支或异议，请合并成一段。')];
}

function textIssues(given: { id: string; where: string; text: string; max: number }): ScriptIssue[] {
  const { id, where, text, max } = given;
  if (text.trim() === '') return [issue('empty', id, `${where}还没有内容。`)];
  const issues: ScriptIssue[] = [];
  if (text.length > max) {
    issues.push(issue('too_long', id, `${where}有 ${text.length} 字，最多 ${max} 字，请精简。`));
  }
  const unknown = fieldsIn(text).filter((word) => !WORDS.has(word));
  if (unknown.length > 0) {
    issues.push(
      issue(
        'unknown_field',
        id,
        `${where}用了不存在的字段 ${unknown.map((word) => `{{${word}}}`).join('、')}，可用的是：${[...WORDS].join('、')}。`,
      ),
    );
  }
  if (CODE.test(text.replaceAll(/\{\{[^{}]*\}\}/g, ''))) {
    issues.push(issue('code', id, `${where}里有代码或不成对的大括号，话术只能写文字和字段。`));
  }
  return issues;
}

/** A message that goes out by itself may not arrive with “专业未登记” in it. */
function uncertainFields({ steps }: ScriptBody): ScriptIssue[] {
  const certain: readonly string[] = CERTAIN_FIELDS.map((key) => MERGE_FIELDS[key].word);
  return steps.flatMap(({ id, say }) => {
    const uncertain = [...new Set(fieldsIn(say))].filter(
      (word) => WORDS.has(word) && !certain.includes(word),
    );
    if (uncertain.length === 0) return [];
    const message = `自动发出的短信用了 ${uncertain.join('、')}，有的考生没有这一项。请改用：${certain.join('、')}。`;
    return [issue('uncertain_field', id, message)];
  });
}

function branchIssues(steps: readonly Step[]): ScriptIssue[] {
  const ids = new Set([...steps.map(({ id }) => id), END]);
  return steps.flatMap((step) =>
    step.branches.flatMap(({ label, to }) => [
      ...(label.trim() ? [] : [issue('unlabelled', step.id, `“${step.title}”有一个分支没有写名称。`)]),
      ...(ids.has(to)
        ? []
        : [issue('dangling', step.id, `“${step.title}”的分支“${label}”指向不存在的步骤，请重新选择。`)]),
    ]),
  );
}

/** Steps that can be reached from those given. */
function reach(from: readonly string[], next: (id: string) => readonly string[]): Set<string> {
  const seen = new Set(from);
  for (const id of seen) for (const to of next(id)) seen.add(to);
  return seen;
}

function pathIssues(steps: readonly Step[]): ScriptIssue[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const first = steps[0]?.id ?? '';
  const reached = reach([first], (id) => byId.get(id)?.branches.map(({ to }) => to) ?? []);
  const ends = steps.filter(({ branches }) => branches.length === 0 || branches.some(({ to }) => to === END));
  const ending = reach(
    ends.map(({ id }) => id),
    (id) => steps.filter(({ branches }) => branches.some(({ to }) => to === id)).map((step) => step.id),
  );
  return [
    ...steps
      .filter(({ id }) => !reached.has(id))
      .map(({ id, title }) => issue('unreachable', id, `没有分支通向“${title}”，请加一个分支或删掉它。`)),
    ...steps
      .filter(({ id }) => reached.has(id) && !ending.has(id))
      .map(({ id, title }) => issue('no_end', id, `从“${title}”走不到结束，请至少留一个“结束”的分支。`)),
  ];
}

/**
 * 个人信息保护法 art. 13 and 17: who calls comes first, and that the call is recorded, where it is; a message names its sender. Nobody is told
 * of a recording that is not made: then the notice stands in the hint, for lines that record.
 */
function introductionIssues(kind: ScriptKind, { steps }: ScriptBody): ScriptIssue[] {
  const first = steps[0];
  if (!first) return [];
  const fields = fieldsIn(first.say);
  const has = (key: keyof typeof MERGE_FIELDS): boolean => fields.includes(MERGE_FIELDS[key].word);
  if (kind === 'sms') {
    return has('college')
      ? []
      : [issue('no_introduction', first.id, '短信要写明学校，请加入 {{学校}} 字段。')];
  }
  return has('college') && has('caller') && `${first.say}${first.ask}`.includes('录音')
    ? []
    : [
        issue(
          'no_introduction',
          first.id,
          '第一步要说明学校和本人姓名，请加入 {{学校}}、{{回访员}}；还要有录音告知：每次都录音的写在话里，有的电话才录音的写在提示里。',
        ),
      ];
}

/** What differs between two versions, for the approver: texts by place. */
export interface TextChange {
  readonly where: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Whole content of one place: words, hint and branches. */
const placesOf = (body: ScriptBody): Map<string, { where: string; text: string }> =>
  new Map([
    ...body.steps.map(
      ({ id, title, say, ask, branches }, place): [string, { where: string; text: string }] => {
        const titles = new Map(body.steps.map((step) => [step.id, step.title]));
        const ways = branches.map(({ label, to }) => `${label} → ${titles.get(to) ?? '结束'}`);
        const text = [say, ...(ask ? [`提示：${ask}`] : []), ...ways].join('\n');
        return [id, { where: `${place + 1}. ${title}`, text }];
      },
    ),
    ...body.objections.map((one): [string, { where: string; text: string }] => [
      one.id,
      { where: `异议：${one.title}`, text: `${one.say}\n依据：${one.source}` },
    ]),
  ]);

export function scriptChanges(before: ScriptBody | null, after: ScriptBody): TextChange[] {
  const old = before ? placesOf(before) : new Map<string, { where: string; text: string }>();
  const fresh = placesOf(after);
  const changed = [...fresh].flatMap(([id, { where, text }]): TextChange[] => {
    const was = old.get(id)?.text ?? null;
    return was === text ? [] : [{ where, before: was, after: text }];
  });
  const gone = [...old]
    .filter(([id]) => !fresh.has(id))
    .map(([, { where, text }]): TextChange => ({ where, before: text, after: null }));
  return [...changed, ...gone];
}

export interface Cut {
  readonly head: string;
  /** What differs; empty on the side where something is only missing. */
  readonly middle: string;
  readonly tail: string;
}

/** Two texts cut at what they share in front and behind, so that a reader sees the changed words at once. */
export function cutChange(before: string, after: string): { readonly before: Cut; readonly after: Cut } {
  const [old, fresh] = [[...before], [...after]];
  const shared = Math.min(old.length, fresh.length);
  let head = 0;
  while (head < shared && old[head] === fresh[head]) head += 1;
  let tail = 0;
  while (tail < shared - head && old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]) tail += 1;
  const cut = (signs: readonly string[]): Cut => ({
    head: signs.slice(0, head).join(''),
    middle: signs.slice(head, signs.length - tail).join(''),
    tail: signs.slice(signs.length - tail).join(''),
  });
  return { before: cut(old), after: cut(fresh) };
}
