import type { PageAt } from './account.store.ts';

/** The place of a page in the list of people, as it travels: opaque, and checked on its way back. */
export const writeCursor = (at: PageAt): string =>
  Buffer.from(JSON.stringify([at.value, at.id])).toString('base64url');

export function readCursor(text: string): PageAt | 'bad' {
  try {
    const [value, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    if (typeof value === 'string' && typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id))
      return { value, id };
    return 'bad';
  } catch {
    return 'bad';
  }
}
