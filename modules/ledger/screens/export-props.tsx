import type { RouteSpec } from '#platform/http/route';
import type { AuditExportView, decideExport, ExportView, exportPassword } from '../contract.ts';

/** A line of either table: exports of the season, exports of the audit log. */
export type ExportLine = ExportView | AuditExportView;

export interface BatchOption {
  readonly value: string;
  readonly label: string;
}

export interface Verdict {
  readonly row: ExportLine;
  readonly approve: boolean;
}

/** The two tables have routes of their own, for different people. */
export interface ExportRoutes {
  readonly decide: Pick<typeof decideExport, 'params' | 'body'> & RouteSpec;
  readonly download: RouteSpec;
  readonly password: Pick<typeof exportPassword, 'params' | 'reply'> & RouteSpec;
}
