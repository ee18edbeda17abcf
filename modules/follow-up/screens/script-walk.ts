import { END, type Objection, type ScriptBody, type Step } from '#script/rules';

/** Where a caller stands in a script. */

export const isScript = (body: unknown): body is ScriptBody =>
  typeof body === 'object' && body !== null && Array.isArray((body as Partial<ScriptBody>).steps);

export interface Walk {
  readonly trail: string[];
  readonly branch: number;
}

/** The step in view: the last one gone to, or the first of the script. */
export const stepInView = ({ steps }: ScriptBody, { trail }: Walk): Step | null =>
  steps.find(({ id }) => id === trail.at(-1)) ?? steps[0] ?? null;

/** Another branch of the same step is marked; the ends do not wrap. */
export function mark(body: ScriptBody, walk: Walk, by: 1 | -1): Walk {
  const count = stepInView(body, walk)?.branches.length ?? 0;
  return { ...walk, branch: Math.max(0, Math.min(count - 1, walk.branch + by)) };
}

/** Follows the marked branch, or the given one. At the end of the script nothing moves. */
export function follow(body: ScriptBody, walk: Walk, index: number = walk.branch): Walk {
  const to = stepInView(body, walk)?.branches[index]?.to;
  if (to === undefined || to === END || !body.steps.some(({ id }) => id === to)) return walk;
  const here = stepInView(body, walk)?.id;
  const trail = walk.trail.length > 0 ? walk.trail : here ? [here] : [];
  return { trail: [...trail, to], branch: 0 };
}

export const back = ({ trail }: Walk): Walk => ({ trail: trail.slice(0, -1), branch: 0 });

/** Objections whose title, usual words or answer hold every word of the search. */
export function findObjections(objections: readonly Objection[], text: string): readonly Objection[] {
  const words = text.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean);
  return objections.filter(({ title, keyword, say }) => {
    const all = `${title} ${keyword} ${say}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}
