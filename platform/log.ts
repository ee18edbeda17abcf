import { type DestinationStream, type Logger, pino } from 'pino';
import { maskText } from '#platform/personal-text';

/** The parts of a database error that name a place; `detail`, `where` and the like quote values and stay out. */
const PLACES = [
  'code',
  'severity',
  'schema',
  'table',
  'column',
  'constraint',
  'routine',
  'statusCode',
] as const;

/** What may be known of an error: type, message and stack without numbers of people, and where in the database. */
export function errorForLog(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: maskText(String(error)) };
  const place = Object.fromEntries(
    PLACES.flatMap((name) => {
      const value = (error as unknown as Record<string, unknown>)[name];
      return typeof value === 'string' || typeof value === 'number' ? [[name, value]] : [];
    }),
  );
  return {
    type: error.name,
    message: maskText(error.message),
    stack: maskText(error.stack ?? ''),
    ...place,
    ...(error.cause !== undefined && { cause: errorForLog(error.cause) }),
  };
}

/**
 * Structured logs in UTC. Personal data is never passed to the logger; should a field of these names slip in, it is blanked.
 */
export const makeLog = (level: string, destination?: DestinationStream): Logger =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: errorForLog },
      redact: {
        paths: [
          '*.phone',
          '*.number',
          '*.idNumber',
          '*.name',
          '*.address',
          '*.password',
          '*.note',
          'req.headers.cookie',
          '*.token',
          '*.secret',
        ],
        censor: '[removed]',
      },
    },
    destination,
  );

export type Log = Logger;
