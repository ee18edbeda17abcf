/** The query string as the workbench keeps it: plain texts, repeated for lists. */
export type RawSearch = Readonly<Record<string, unknown>>;

/** Reads `?a=1&b=x&b=y`: texts stay texts, so that a candidate number keeps its leading zero. */
export function parseSearch(text: string): Record<string, string | string[]> {
  const params = new URLSearchParams(text);
  const result: Record<string, string | string[]> = {};
  for (const name of new Set(params.keys())) {
    const all = params.getAll(name);
    const [only] = all;
    result[name] = all.length === 1 && only !== undefined ? only : all;
  }
  return result;
}

/** Writes it back; empty values leave the address. */
export function stringifySearch(search: RawSearch): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(cleanSearch(search))) {
    for (const item of Array.isArray(value) ? value : [value]) params.append(name, String(item));
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}

/** Drops what says nothing: undefined, null, empty texts and empty lists. */
export function cleanSearch(search: RawSearch): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(search).filter(
      ([, value]) =>
        value !== undefined &&
        value !== null &&
        value !== '' &&
        !(Array.isArray(value) && value.length === 0),
    ),
  );
}

/** A value of the address as a list of texts, whatever was written there. */
export function listOf(value: unknown): string[] {
  if (value === undefined || value === null || value === '') return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

/** A value of the address as one text. */
export const textOf = (value: unknown): string => listOf(value)[0] ?? '';
