import { type Logger, pino } from 'pino';

/**
 * Structured logs in UTC. Personal data is never passed to the logger; should a field of these names slip in, it is blanked.
 */
export const makeLog = (level: string): Logger =>
  pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
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
  });

export type Log = Logger;
