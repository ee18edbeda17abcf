import { z } from 'zod';
import { route } from '#platform/http/route';

/** Saved views of the lists: filters and order under a name, kept on the server and never in the browser. */

export const VIEWS_MAX = 20;

/** Who is offered a view: its owner, the owner's group, everybody in the college. */
export const AUDIENCES = ['own', 'group', 'all'] as const;
export type Audience = (typeof AUDIENCES)[number];

const Screen = z.string().regex(/^[a-z][a-z-]{1,39}$/);
const Name = z.string().trim().min(1, '请给视图起个名字').max(16, '视图的名字最多 16 个字');

/** Filters of any list by which somebody is looked for: names and numbers do not belong into a saved view, which others may read. */
const PERSONAL = ['q', 'text', 'recruiter', 'actor'] as const;

/** A filter value: what stands in an address. */
const QueryValue = z.union([z.string().max(100), z.array(z.string().max(100)).max(60)]);

export const SavedView = z.object({
  id: z.string(),
  name: z.string(),
  query: z.record(z.string(), QueryValue),
  audience: z.enum(AUDIENCES),
  /** Only the owner renames, shares and deletes. */
  mine: z.boolean(),
  ownerName: z.string(),
  /** Opens with the list, for its owner. */
  isDefault: z.boolean(),
});
export type SavedView = z.infer<typeof SavedView>;

export const listViews = route({
  method: 'GET',
  path: '/views',
  permission: 'signed_in',
  summary: '视图：自己保存的，以及本组和全校可用的',
  query: z.object({ screen: Screen }),
  reply: z.object({
    items: z.array(SavedView),
    /** The widest audience the reader may offer a view to. */
    shareWith: z.enum(AUDIENCES),
  }),
});

export const saveView = route({
  method: 'PUT',
  path: '/views',
  permission: 'signed_in',
  summary: '保存视图，自己的同名视图被覆盖',
  body: z.object({
    screen: Screen,
    name: Name,
    query: z
      .record(z.string().max(40), QueryValue)
      .refine((query) => PERSONAL.every((name) => !(name in query)), '保存的视图不含姓名、号码等搜索内容'),
  }),
  reply: z.object({ id: z.string() }),
  refusals: { too_many_views: 409 },
});

const params = z.object({ id: z.uuid() });

export const changeView = route({
  method: 'PATCH',
  path: '/views/:id',
  permission: 'signed_in',
  summary: '修改自己的视图：改名、共享、设为默认',
  params,
  body: z.object({
    name: Name.optional(),
    audience: z.enum(AUDIENCES).optional(),
    isDefault: z.boolean().optional(),
  }),
  refusals: { not_found: 404, name_taken: 409, no_group: 422, too_wide: 422 },
});

export const dropView = route({
  method: 'DELETE',
  path: '/views/:id',
  permission: 'signed_in',
  summary: '删除自己的视图',
  params,
  refusals: { not_found: 404 },
});
