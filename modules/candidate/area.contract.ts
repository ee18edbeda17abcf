import { z } from 'zod';
import { route } from '#platform/http/route';

const Prefix = z.string().regex(/^1[3-9]\d{1,5}$/, '号段为 3 到 7 位数字，以 13 至 19 开头');
const AreaCode = z.string().regex(/^0(?:10|2\d|[3-9]\d{2})$/, '区号为 3 到 4 位，以 0 开头');

export const AreaPrefix = z.object({
  prefix: z.string(),
  areaCode: z.string(),
  province: z.string().nullable(),
  city: z.string().nullable(),
  source: z.string(),
});
export type AreaPrefix = z.infer<typeof AreaPrefix>;

export const listPrefixes = route({
  method: 'GET',
  path: '/area-prefixes',
  permission: 'candidate.read',
  summary: '号段归属地表',
  query: z.object({
    prefix: z
      .string()
      .regex(/^\d{0,7}$/)
      .optional(),
    cursor: z
      .string()
      .regex(/^\d{3,7}$/)
      .optional(),
    limit: z.coerce.number().int().min(1).max(50).default(20),
    sort: z.literal('prefix').optional(),
  }),
  reply: z.object({ items: z.array(AreaPrefix), nextCursor: z.string().nullable(), total: z.number() }),
});

export const putPrefix = route({
  method: 'PUT',
  path: '/area-prefixes/:prefix',
  permission: 'season.manage',
  summary: '新增或修改号段归属地',
  params: z.object({ prefix: Prefix }),
  body: z.object({
    areaCode: AreaCode,
    province: z.string().trim().max(20).nullable().default(null),
    city: z.string().trim().max(20).nullable().default(null),
  }),
});

export const dropPrefix = route({
  method: 'DELETE',
  path: '/area-prefixes/:prefix',
  permission: 'season.manage',
  summary: '删除号段',
  params: z.object({ prefix: Prefix }),
  refusals: { not_found: 404 },
});

export const importPrefixes = route({
  method: 'POST',
  path: '/area-prefixes/import',
  permission: 'season.manage',
  kind: 'upload',
  summary: '导入号段数据文件（phone.dat 格式），手工录入的号段保持不变',
  reply: z.object({ version: z.string(), prefixes: z.number() }),
  refusals: { no_file: 422, bad_file: 422 },
});
