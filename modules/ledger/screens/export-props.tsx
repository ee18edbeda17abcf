import type { z } from 'zod';
import type { ExportView } from '../contract.ts';

export type ExportLine = z.output<typeof ExportView>;

export interface BatchOption {
  readonly value: string;
  readonly label: string;
}

export interface Verdict {
  readonly row: ExportLine;
  readonly approve: boolean;
}
