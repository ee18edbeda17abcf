import { deliveryModule } from '#delivery';
import { loadConfig } from '#platform/config';
import { startJobs } from '#platform/jobs/runner';
import { makeLog } from '#platform/log';
import { openRuntime } from '#platform/runtime';

/** A process that works on imports as the server does, to be killed in tests. Settings by environment, as the server's. */
const log = makeLog('error');
const { env, files, ownerUrl } = await openRuntime(loadConfig(process.env), log);
await startJobs({ env, files, log, ownerUrl, kinds: deliveryModule.jobs ?? [], recurring: [] });
process.stdout.write('ready\n');
