/** Front door of the scripts. Types, merge fields and `mergeText` come from `#script/rules`. */
import type { Ctx } from '#platform/db/tenant';
import type { Module } from '#platform/module';
import { scriptEndpoints } from './routes.ts';
import { type Flag, findPhrases, mostSpecific, type Spot } from './rules.ts';
import { readActivePhrases, readInForce, readVersionBody, type ScriptInForce } from './store.ts';

export { approveSubmitted } from './decision.service.ts';
export { installDefaultPack } from './pack.service.ts';
export type { ScriptInForce } from './store.ts';

export const scriptModule: Module = { endpoints: scriptEndpoints };

/** Approved scripts that fit, the most specific first. For messages: the templates to choose from. */
export async function scriptsFor(
  ctx: Ctx,
  spot: Spot & { readonly seasonId: string },
): Promise<ScriptInForce[]> {
  return mostSpecific(await readInForce(ctx, spot.seasonId), spot);
}

/** Everything approved in a season, for a use case that asks for several spots: `mostSpecific` of the rules chooses. */
export const scriptsInForce = (ctx: Ctx, seasonId: string): Promise<ScriptInForce[]> =>
  readInForce(ctx, seasonId);

/** The approved script for exactly this policy, phase and round, else the nearest more general one, else null. */
export async function scriptFor(
  ctx: Ctx,
  spot: Spot & { readonly seasonId: string },
): Promise<ScriptInForce | null> {
  return (await scriptsFor(ctx, spot))[0] ?? null;
}

/** The version that was spoken in an earlier contact. */
export const scriptVersion = (ctx: Ctx, versionId: string): Promise<ScriptInForce | null> =>
  readVersionBody(ctx, versionId);

/** Phrases of the office's list in a note or message; empty when there is nothing to warn of. */
export async function flagPhrases(ctx: Ctx, text: string): Promise<Flag[]> {
  return findPhrases(text, await readActivePhrases(ctx));
}
