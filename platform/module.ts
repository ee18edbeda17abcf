import type { FileStore } from '#platform/files/store';
import type { Endpoint } from '#platform/http/endpoint';
import type { EventHub } from '#platform/http/events';
import type { JobKind, Recurring } from '#platform/jobs/job';
import type { RetentionRule } from '#platform/retention';

/** Long-lived things a module's endpoints may need beside the transaction. */
export interface Parts {
  readonly files: FileStore;
  readonly events: EventHub;
}

/** What a module brings to the server. */
export interface Module {
  readonly endpoints?: (parts: Parts) => Endpoint[];
  readonly jobs?: readonly JobKind[];
  readonly recurring?: readonly Recurring[];
  /** What ends in the tables of the module, and when. */
  readonly retention?: readonly RetentionRule[];
}
