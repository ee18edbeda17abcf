import type { Candidate, Instance, Outcome, Program, Reason } from './model.ts';
import { place } from './place.ts';

/** One thing that could have been otherwise. */
export type Change =
  | { readonly kind: 'plan'; readonly code: string; readonly plan: number }
  | { readonly kind: 'seats'; readonly code: string; readonly by: number }
  | { readonly kind: 'ratio'; readonly code: string; readonly ratio: number }
  | { readonly kind: 'line'; readonly code: string; readonly line: number }
  | { readonly kind: 'cap'; readonly code: string; readonly cap: number }
  | { readonly kind: 'withdraw'; readonly id: string };

export interface Move {
  readonly id: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly reason: Reason;
}

export interface Difference {
  readonly outcome: Outcome;
  /** Who is elsewhere than before; somebody who withdrew is not listed. */
  readonly moves: readonly Move[];
}

/** The round as it would be after the changes; a change that names nothing of this round changes nothing. */
export function applyChanges(instance: Instance, changes: readonly Change[]): Instance {
  return changes.reduce(applyChange, instance);
}

function applyChange(instance: Instance, change: Change): Instance {
  switch (change.kind) {
    case 'plan':
      return withProgram(instance, change.code, (program) => ({ ...program, plan: change.plan }));
    case 'seats':
      return withProgram(instance, change.code, (program) => ({
        ...program,
        plan: program.plan + change.by,
      }));
    case 'ratio':
      return withProgram(instance, change.code, (program) => ({ ...program, ratio: change.ratio }));
    case 'line':
      return withProgram(instance, change.code, (program) => ({ ...program, line: change.line }));
    case 'cap': {
      const { groups = [] } = instance;
      return {
        ...instance,
        groups: groups.map((group) => (group.code === change.code ? { ...group, cap: change.cap } : group)),
      };
    }
    case 'withdraw': {
      const stays = ({ id }: Candidate): boolean => id !== change.id;
      return { ...instance, candidates: instance.candidates.filter(stays) };
    }
  }
}

function withProgram(instance: Instance, code: string, edit: (program: Program) => Program): Instance {
  return {
    ...instance,
    programs: instance.programs.map((program) => (program.code === code ? edit(program) : program)),
  };
}

/** Places the changed round and says who moves. Large rounds in columns have `openSession`, which moves only those. */
export function whatIf(instance: Instance, before: Outcome, changes: readonly Change[]): Difference {
  const outcome = place(applyChanges(instance, changes));
  const old = new Map(before.assign.map(({ id, code }) => [id, code]));
  const moves = outcome.assign.flatMap(({ id, code, reason }) => {
    const from = old.get(id) ?? null;
    return from === code ? [] : [{ id, from, to: code, reason }];
  });
  return { outcome, moves };
}
