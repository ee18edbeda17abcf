/** Counts attempts by key in a sliding minute. In memory: each server process counts what reaches it. */
export interface AttemptLimit {
  isFull(key: string, now: number): boolean;
  add(key: string, now: number): void;
}

const WINDOW_MS = 60_000;
const KEYS_MAX = 20_000;

/** At most `perMinute` attempts a key; the oldest keys are forgotten when there are very many. */
export function attemptLimit(perMinute: number): AttemptLimit {
  const attempts = new Map<string, number[]>();
  const recent = (key: string, now: number): number[] =>
    (attempts.get(key) ?? []).filter((at) => at > now - WINDOW_MS);
  return {
    isFull: (key, now) => recent(key, now).length >= perMinute,
    add: (key, now) => {
      const kept = [...recent(key, now), now].slice(-perMinute);
      attempts.delete(key);
      attempts.set(key, kept);
      const [oldest] = attempts.keys();
      if (attempts.size > KEYS_MAX && oldest !== undefined) attempts.delete(oldest);
    },
  };
}
