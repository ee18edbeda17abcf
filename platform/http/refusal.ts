import { fail } from '#platform/result';

/** Why something a user asked for was not done: a code for the program, a Chinese sentence with figure and next step for the person. */
export interface Refusal<Code extends string = string> {
  readonly code: Code;
  readonly message: string;
  /** The figures compared, for the screen that wants to show more than the sentence. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A refused result. */
export const refuse = <Code extends string>(
  code: Code,
  message: string,
  details?: Readonly<Record<string, unknown>>,
): { ok: false; error: Refusal<Code> } => fail(details ? { code, message, details } : { code, message });
