/**
 * A mistake of whoever installs or starts the program (a bad setting, an unusable folder), never a fault of the code.
 * The message is one or more Chinese sentences saying what is wrong and what to do; entry points print it without a
 * stack and end with exit code 2.
 */
export class SetupError extends Error {
  override readonly name = 'SetupError';
  readonly exitCode = 2;
}
