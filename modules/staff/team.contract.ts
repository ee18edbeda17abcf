import { z } from 'zod';
import { route } from '#platform/http/route';
import { Id } from './contract.ts';

export const UNIT_LABELS = { school: '二级学院', department: '职能部门' } as const;
export const SKILL_LABELS = { dialect: '方言', subject: '科类', conversation: '沟通' } as const;

const Name = z.string().trim().min(2, '名称至少 2 个字').max(40, '名称最多 40 字');

export const listGroups = route({
  method: 'GET',
  path: '/staff/groups',
  permission: 'staff.read',
  summary: '回访小组',
  reply: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        leaderId: z.string().nullable(),
        leaderName: z.string().nullable(),
        leaderException: z.string().nullable(),
        supervisorId: z.string().nullable(),
        supervisorName: z.string().nullable(),
        capacity: z.number(),
        members: z.number(),
        qualified: z.number(),
        students: z.number(),
        warning: z.string().nullable(),
      }),
    ),
  }),
});

const GroupBody = z.object({
  name: Name,
  leaderId: z.uuid().nullable().default(null),
  leaderException: z.string().trim().max(200, '破格理由最多 200 字').nullable().default(null),
  supervisorId: z.uuid().nullable().default(null),
  capacity: z.int().min(1, '上限至少 1 人').max(50, '上限最多 50 人').default(13),
});
const groupRefusals = {
  not_found: 404,
  name_taken: 409,
  leader: 422,
  supervisor: 422,
  capacity: 422,
} as const;

export const createGroup = route({
  method: 'POST',
  path: '/staff/groups',
  permission: 'staff.manage',
  summary: '新建小组',
  body: GroupBody,
  reply: z.object({ id: z.string() }),
  refusals: groupRefusals,
});

export const changeGroup = route({
  method: 'PUT',
  path: '/staff/groups/:id',
  permission: 'staff.manage',
  summary: '修改小组、组长和督查员',
  params: Id,
  body: GroupBody,
  refusals: groupRefusals,
});

export const addMembers = route({
  method: 'POST',
  path: '/staff/groups/:id/members',
  permission: 'staff.manage',
  summary: '把人员编入小组',
  params: Id,
  body: z.object({ userIds: z.array(z.uuid()).min(1, '请选择人员').max(50, '一次最多 50 人') }),
  refusals: { not_found: 404, capacity: 422, leads_group: 409 },
});

/** Deleting is voiding, and says why. */
const Voiding = z.object({ reason: z.string().trim().min(4, '原因至少 4 个字').max(200) });

export const dissolveGroup = route({
  method: 'POST',
  path: '/staff/groups/:id/dissolve',
  permission: 'staff.manage',
  summary: '解散没有成员的小组',
  params: Id,
  body: Voiding,
  refusals: { not_found: 404, has_members: 409 },
});

export const listUnits = route({
  method: 'GET',
  path: '/staff/units',
  permission: 'staff.read',
  summary: '二级学院和职能部门',
  reply: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        kind: z.enum(['school', 'department']),
        headId: z.string().nullable(),
        headName: z.string().nullable(),
        people: z.number(),
        experienced: z.number(),
        quota: z.string().nullable(),
      }),
    ),
  }),
});

const UnitBody = z.object({
  name: Name,
  kind: z.enum(['school', 'department']),
  headId: z.uuid().nullable().default(null),
});
const unitRefusals = { not_found: 404, name_taken: 409, head: 422, in_use: 409 } as const;

export const createUnit = route({
  method: 'POST',
  path: '/staff/units',
  permission: 'staff.manage',
  summary: '新建部门',
  body: UnitBody,
  reply: z.object({ id: z.string() }),
  refusals: unitRefusals,
});

export const changeUnit = route({
  method: 'PUT',
  path: '/staff/units/:id',
  permission: 'staff.manage',
  summary: '修改部门和负责人',
  params: Id,
  body: UnitBody,
  refusals: unitRefusals,
});

export const removeUnit = route({
  method: 'POST',
  path: '/staff/units/:id/void',
  permission: 'staff.manage',
  summary: '删除没有人员的部门（作废，写原因）',
  params: Id,
  body: Voiding,
  refusals: unitRefusals,
});

const SkillKind = z.enum(['dialect', 'subject', 'conversation']);
const SkillCode = z.object({ code: z.string().max(40) });

export const listSkills = route({
  method: 'GET',
  path: '/staff/skills',
  permission: 'staff.read',
  summary: '技能和掌握人数',
  reply: z.object({
    items: z.array(z.object({ code: z.string(), name: z.string(), kind: SkillKind, people: z.number() })),
  }),
});

export const saveSkill = route({
  method: 'PUT',
  path: '/staff/skills/:code',
  permission: 'staff.manage',
  summary: '新增或修改技能',
  params: z.object({
    code: z
      .string()
      .trim()
      .regex(/^[a-z][a-z0-9_]{1,30}$/, '编码用小写字母、数字和下划线，2 到 31 个字符'),
  }),
  body: z.object({ name: Name, kind: SkillKind }),
});

export const removeSkill = route({
  method: 'POST',
  path: '/staff/skills/:code/void',
  permission: 'staff.manage',
  summary: '删除无人掌握的技能（作废，写原因）',
  params: SkillCode,
  body: Voiding,
  refusals: { not_found: 404, in_use: 409 },
});
