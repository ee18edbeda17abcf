import type { Copy } from '#platform/db/copy';
import type { Ctx } from '#platform/db/tenant';
import type { FileStore } from '#platform/files/store';
import type { Progress } from '#platform/jobs/job';
import type { Target } from './classify.store.ts';
import type { Delivery } from './read/open.ts';

/** One reading of a delivery, for a preview or for good: what its steps need. */
export interface Run {
  readonly ctx: Ctx;
  readonly copy: Copy;
  readonly files: FileStore;
  readonly delivery: Delivery;
  readonly target: Target;
  /** Four digits: a candidate number of another year is a finding. */
  readonly year: number;
  readonly progress: (progress: Progress) => Promise<void>;
}
