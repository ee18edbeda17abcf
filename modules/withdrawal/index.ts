import { audit } from '#platform/audit/audit';
import { system, withTenant } from '#platform/db/tenant';
import { removeFile } from '#platform/files/files';
import type { Module } from '#platform/module';
import { finalDecisionEndpoints } from './decision.routes.ts';
import { withdrawalRetention } from './retention.ts';
import { withdrawalEndpoints } from './routes.ts';
import { evidenceToRemove } from './store.ts';

const BATCH = 100;

export const withdrawalModule: Module = {
  endpoints: (parts) => [...withdrawalEndpoints(parts), ...finalDecisionEndpoints],
  retention: withdrawalRetention,
  recurring: [
    {
      name: 'withdrawal evidence past its time',
      everyMinutes: 360,
      run: ({ env, files, tenantId }) =>
        withTenant(env, { tenantId, actor: system }, async (ctx) => {
          for (const { id, fileId } of await evidenceToRemove(ctx, BATCH)) {
            await removeFile(ctx, files, fileId);
            await audit(ctx, {
              action: 'withdrawal.evidence_removed',
              subjectType: 'withdrawal',
              subjectId: id,
              reason: '保存期限已到',
            });
          }
        }),
    },
  ],
};

export { executeWithdrawal } from './decide.service.ts';
export { requestWithdrawal, uploadEvidence } from './request.service.ts';
