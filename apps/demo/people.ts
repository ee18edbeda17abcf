import { sql } from 'kysely';
import { newTotp } from '#platform/session/totp';
import { qualifyPerson } from '#staff/contract';
import { createGroup, saveSkill } from '../../modules/staff/team.contract.ts';
import type { DemoPerson, Stage } from './stage.ts';

export interface Team {
  readonly office: DemoPerson;
  readonly clerk: DemoPerson;
  readonly secondClerk: DemoPerson;
  readonly supervisor: DemoPerson;
  readonly escalation: DemoPerson;
  readonly recruiter: DemoPerson;
  readonly leaders: readonly DemoPerson[];
  /** All who call, leaders included. */
  readonly callers: readonly DemoPerson[];
  readonly others: readonly DemoPerson[];
}

const OFFICES: readonly [username: string, name: string, roles: string[]][] = [
  ['zhaoban', '周启明', ['admissions_office']],
  ['lujian', '沈静秋', ['file_clerk']],
  ['lujian2', '严柏舟', ['file_clerk']],
  ['ducha', '顾清和', ['supervisor']],
  ['tuji', '韩山青', ['escalation_member']],
  ['baobei', '陆知远', ['recruiter']],
  ['qiantai', '何晓棠', ['receptionist']],
  ['caiwu', '孟青禾', ['finance']],
  ['xitong', '宋文彬', ['system_admin']],
  ['anquan', '秦川', ['security_admin']],
  ['shenji', '白露', ['audit_admin']],
];
const FAMILY = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧'];
const GIVEN = [
  '子涵',
  '思远',
  '雨桐',
  '嘉木',
  '明哲',
  '若溪',
  '景行',
  '安然',
  '文博',
  '清扬',
  '知夏',
  '一鸣',
  '书瑶',
  '云舟',
  '乐之',
  '念慈',
];

/** Everybody of the invented college: one login for every role, groups with leaders, callers qualified. */
export async function arrangePeople(stage: Stage, size: { groups: number; perGroup: number }): Promise<Team> {
  const offices: DemoPerson[] = [];
  for (const [username, name, roles] of OFFICES)
    offices.push(await stage.addPerson({ username, name, roles, totpSecret: newTotp('').secret }));
  const [office, clerk, secondClerk, supervisor, escalation, recruiter, ...others] = offices;
  if (!office || !clerk || !secondClerk || !supervisor || !escalation || !recruiter)
    throw new Error('an office is missing');
  await profile(stage, [escalation], null);
  const leaders: DemoPerson[] = [];
  const callers: DemoPerson[] = [];
  for (let group = 0; group < size.groups; group += 1) {
    const members = await addGroup(stage, { office, supervisor, group, members: size.perGroup });
    if (members[0]) leaders.push(members[0]);
    callers.push(...members);
  }
  for (const caller of [...callers, escalation]) {
    await stage.act(supervisor, qualifyPerson, {
      params: { id: caller.userId },
      body: { passed: true, note: '培训考核合格' },
    });
  }
  await arrangeSkills(stage, office, callers);
  return { office, clerk, secondClerk, supervisor, escalation, recruiter, leaders, callers, others };
}

const SKILLS: readonly [code: string, name: string, kind: 'dialect' | 'subject' | 'conversation'][] = [
  ['sichuan', '四川话', 'dialect'],
  ['henan', '河南话', 'dialect'],
  ['yi', '彝语', 'dialect'],
  ['art', '艺术类政策', 'subject'],
  ['refusal', '态度冷淡的再沟通', 'conversation'],
];

/** Every third caller knows the dialect of the largest province, the other skills a few; leaders are trained in hard conversations. */
async function arrangeSkills(
  stage: Stage,
  office: DemoPerson,
  callers: readonly DemoPerson[],
): Promise<void> {
  for (const [code, name, kind] of SKILLS)
    await stage.act(office, saveSkill, { params: { code }, body: { name, kind } });
  const known = callers.flatMap((caller, at) => [
    ...(at % 3 === 0 ? [[caller.userId, 'sichuan']] : []),
    ...(at % 4 === 1 ? [[caller.userId, 'henan']] : []),
    ...(at % 10 === 7 ? [[caller.userId, 'yi']] : []),
    ...(at % 5 === 2 ? [[caller.userId, 'art']] : []),
    ...(caller.roles.includes('group_leader') || at % 6 === 5 ? [[caller.userId, 'refusal']] : []),
  ]);
  await stage.asSystem(({ tx, tenantId }) =>
    sql`insert into user_skill (tenant_id, user_id, skill_code)
      select ${tenantId}, (k->>0)::uuid, k->>1 from jsonb_array_elements(${JSON.stringify(known)}::jsonb) k`.execute(
      tx,
    ),
  );
}

const GROUP_NAMES = [...'一二三四五六七八九十'];

async function addGroup(
  stage: Stage,
  given: { office: DemoPerson; supervisor: DemoPerson; group: number; members: number },
): Promise<DemoPerson[]> {
  const members: DemoPerson[] = [];
  for (let n = 0; n < given.members; n += 1) {
    const serial = given.group * given.members + n + 1;
    const name = `${FAMILY[(serial * 7) % FAMILY.length]}${GIVEN[(serial * 5 + given.group) % GIVEN.length]}`;
    const roles = n === 0 ? ['caller', 'group_leader'] : ['caller'];
    members.push(
      await stage.addPerson({
        username: `huifang${String(serial).padStart(2, '0')}`,
        name,
        roles,
        totpSecret: newTotp('').secret,
      }),
    );
  }
  const [leader] = members;
  if (!leader) return members;
  await profile(stage, members, null);
  const { id } = await stage.act(given.office, createGroup, {
    body: {
      name: `第${GROUP_NAMES[given.group] ?? given.group + 1}组`,
      leaderId: leader.userId,
      supervisorId: given.group === 0 ? given.supervisor.userId : null,
      capacity: 13,
    },
  });
  await profile(stage, members, id);
  return members;
}

/** Profiles as the staff list imports them: teachers and students in turn, leaders outstanding last year. */
async function profile(stage: Stage, people: readonly DemoPerson[], groupId: string | null): Promise<void> {
  await stage.asSystem(async ({ tx, tenantId }) => {
    for (const [index, person] of people.entries()) {
      const leads = person.roles.includes('group_leader');
      await sql`
        insert into staff_profile (tenant_id, user_id, kind, group_id, experienced, outstanding_last_year, open_work_cap)
        values (${tenantId}, ${person.userId}, ${index % 3 === 2 ? 'student' : 'teacher'}, ${groupId}, ${index % 2 === 0}, ${leads}, 400)
        on conflict (tenant_id, user_id) do update set group_id = excluded.group_id`.execute(tx);
    }
  });
}
