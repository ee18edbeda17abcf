import { UsageError } from './command.ts';

/** A name that people will read, without the blanks around it. */
export function nameFrom(
  text: string | undefined,
  { option, most }: { option: string; most: number },
): string {
  const name = text?.trim() ?? '';
  if (name === '') throw new UsageError(`缺少 ${option}，请写明名称。`);
  if ([...name].length > most)
    throw new UsageError(`${option} 最多 ${most} 个字，现为 ${[...name].length} 个。`);
  return name;
}

/** A day of the calendar, YYYY-MM-DD: February has no 30th. */
export function dayFrom(text: string | undefined, option: string): string {
  const at = Date.parse(`${text}T00:00:00Z`);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text ?? '') && !Number.isNaN(at);
  if (!isDay || new Date(at).toISOString().slice(0, 10) !== text)
    throw new UsageError(`${option} 应是日历上有的一天，写成 2026-09-30 这样。`);
  return text;
}

/** The one word that a command takes, if any; more are a slip of the keyboard, not to be passed over. */
export function oneWord(positionals: readonly string[]): string | undefined {
  const [word, more] = positionals;
  if (more !== undefined) throw new UsageError(`多出了“${more}”，请检查空格和引号。`);
  return word;
}
