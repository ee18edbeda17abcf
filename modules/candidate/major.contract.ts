import { z } from 'zod';
import { route } from '#platform/http/route';

/** 专业代号 that stand in files without a name: what the office still has to say, and putting the names in. */

export const UNNAMED_SHOWN = 200;

const Place = z.object({
  provinceCode: z.string().regex(/^\d{2}$/),
  batchId: z.uuid(),
});

export const UnnamedMajor = Place.extend({
  /** Empty when the province knows no 科类. */
  categoryCode: z.string(),
  category: z.string().nullable(),
  /** JHXZDM; empty when the file carries none. */
  planNatureCode: z.string(),
  /** What the province calls it. */
  planNature: z.string().nullable(),
  code: z.string(),
  candidates: z.number(),
});
export type UnnamedMajor = z.infer<typeof UnnamedMajor>;

export const listUnnamedMajors = route({
  method: 'GET',
  path: '/candidates/unnamed-majors',
  permission: 'delivery.read',
  summary: '考生档案里还没有名称的专业代号，人数多的在前',
  reply: z.object({ items: z.array(UnnamedMajor), candidates: z.number() }),
});

export const nameMajors = route({
  method: 'POST',
  path: '/candidates/unnamed-majors/naming',
  permission: 'season.manage',
  summary: '按专业代号表给一个省份批次的考生补上专业名称',
  body: Place,
  reply: z.object({ named: z.number() }),
  refusals: { no_season: 409 },
});
