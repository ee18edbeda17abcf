import type { z } from 'zod';
import type { Ctx } from '#platform/db/tenant';
import { inNameOrder } from '#platform/pinyin';
import { ok, type Result } from '#platform/result';
import { activeSeason, batches, policies } from '#season';
import { provinceName } from '#season/rules';
import { groupsOf, peopleInScope, scopeOf } from '#staff';
import { CALLING_ROLES } from '#staff/rules';
import type { listOptions } from './list.contract.ts';
import { defaultSort } from './list.rules.ts';
import { majorNames } from './options.store.ts';
import { readSignals } from './signal.store.ts';

type Options = z.infer<(typeof listOptions)['reply']>;

/** What the filters of the list offer, within the actor's scope. */
export async function optionsOfList(ctx: Ctx): Promise<Result<Options, never>> {
  const season = await activeSeason(ctx);
  const scope = await scopeOf(ctx);
  const [provinces, ofSeason, majors] = season
    ? [await policies(ctx, season.id), await batches(ctx, season.id), await majorNames(ctx, season.id)]
    : [[], [], []];
  const people = (await peopleInScope(ctx, scope)).filter(
    ({ active, roles }) =>
      active && roles.some((role) => (CALLING_ROLES as readonly string[]).includes(role)),
  );
  const codes = [...new Set(provinces.map(({ provinceCode }) => provinceCode))].sort();
  return ok({
    scope: scope.kind,
    defaultSort: defaultSort(scope.kind),
    provinces: codes.map((value) => ({ value, label: provinceName(value) })),
    batches: ofSeason.map(({ id, name }) => ({ value: id, label: name })),
    majors: majors.map((name) => ({ value: name, label: name })),
    groups: (await groupsOf(ctx, scope)).map(({ id, name }) => ({ value: id, label: name })),
    callers: inNameOrder(
      people.map(({ userId, name, groupName }) => ({
        value: userId,
        label: groupName ? `${name}（${groupName}）` : name,
      })),
      ({ label }) => label,
    ),
    signals: (await readSignals(ctx)).map(({ code, name, help, active }) => ({
      value: code,
      label: name,
      help,
      active,
    })),
  });
}
