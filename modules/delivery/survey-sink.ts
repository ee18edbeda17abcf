import type { DetailRecord, PlanRecord, PreferenceRecord, ScoreRecord } from './detail.rules.ts';
import type { Sighting } from './duplicate.rules.ts';
import type { FilingRecord } from './filing.rules.ts';
import type { Photo } from './read/photo.ts';
import type { PersonRecord } from './record.rules.ts';
import type { Finding } from './rules.ts';

/**
 * Called for every finding and record, in file order. `n` is the candidate's place among the persons, from 1: what belongs to
 * nobody with a row of persons is not passed on. `drain` is awaited after each batch and holds the reading back.
 */
export interface SurveySink {
  finding?: (finding: Finding) => void;
  /** `filing` where the same row carries it (the wide form). */
  person?: (n: number, person: PersonRecord, sighting: Sighting, filing: FilingRecord | null) => void;
  /** Rows of a filing table beside a table of persons. */
  filing?: (n: number, filing: FilingRecord, sighting: Sighting) => void;
  preference?: (n: number, record: PreferenceRecord) => void;
  score?: (n: number, record: ScoreRecord) => void;
  plan?: (record: PlanRecord) => void;
  detail?: (n: number, record: DetailRecord, kind: 'medical' | 'resume' | 'other') => void;
  photo?: (n: number, photo: Photo) => void;
  /** Rows read so far, of all tables. */
  drain?: (rowsRead: number) => Promise<void>;
}
