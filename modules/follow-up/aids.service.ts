import { readSignals } from '#candidate';
import type { Ctx } from '#platform/db/tenant';
import { ok, type Result } from '#platform/result';
import { scriptsFor } from '#script';
import { activeSeason } from '#season';
import type { Phase, Round } from '#season/rules';

export interface Aids {
  readonly signals: { code: string; name: string; help: string }[];
  readonly messages: { versionId: string; name: string; text: string }[];
}

/** What the call screen keeps at hand beside the case: the catalogue of signals, and message templates that fit the spot. */
export async function aids(
  ctx: Ctx,
  spot: { readonly withdrawable: boolean; readonly phase: Phase; readonly round: Round },
): Promise<Result<Aids, never>> {
  const signals = (await readSignals(ctx)).filter(({ active }) => active);
  const season = await activeSeason(ctx);
  const scripts = season ? await scriptsFor(ctx, { ...spot, kind: 'sms', seasonId: season.id }) : [];
  return ok({
    signals: signals.map(({ code, name, help }) => ({ code, name, help })),
    messages: scripts.flatMap(({ versionId, name, body }) => {
      const [step] = body.steps;
      return step ? [{ versionId, name, text: step.say }] : [];
    }),
  });
}
