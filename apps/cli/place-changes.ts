import type { Change } from '#placement/whatif';
import { refuse } from './place-files.ts';

/** Options of `place whatif`, each given as often as needed. */
export interface ChangeOptions {
  readonly plan?: string[] | undefined;
  readonly seats?: string[] | undefined;
  readonly ratio?: string[] | undefined;
  readonly line?: string[] | undefined;
  readonly cap?: string[] | undefined;
  readonly withdraw?: string[] | undefined;
}

export function parseChanges(options: ChangeOptions): Change[] {
  const figures = (kind: 'plan' | 'seats' | 'ratio' | 'line' | 'cap') =>
    (options[kind] ?? []).map((text) => changeOf(kind, text));
  return [
    ...figures('plan'),
    ...figures('seats'),
    ...figures('ratio'),
    ...figures('line'),
    ...figures('cap'),
    ...(options.withdraw ?? []).map((id): Change => ({ kind: 'withdraw', id })),
  ];
}

function changeOf(kind: 'plan' | 'seats' | 'ratio' | 'line' | 'cap', text: string): Change {
  const cut = text.lastIndexOf('=');
  const code = text.slice(0, cut);
  const value = Number(text.slice(cut + 1));
  if (cut < 1 || text.slice(cut + 1).trim() === '' || !Number.isFinite(value)) {
    refuse('BAD_CHANGE', `--${kind}`, `--${kind} 应写作 代码=数，现为 ${text}。`);
  }
  switch (kind) {
    case 'plan':
      return { kind, code, plan: value };
    case 'seats':
      return { kind, code, by: value };
    case 'ratio':
      return { kind, code, ratio: value };
    case 'line':
      return { kind, code, line: value };
    case 'cap':
      return { kind, code, cap: value };
  }
}
