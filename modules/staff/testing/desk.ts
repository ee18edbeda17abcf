import { expect } from 'vitest';
import { makeWorld, type Person, request, type World } from '#platform/testing/app';
import { serveEndpoints } from '#platform/testing/module-server';
import { staffModule } from '#staff';
import { PERMISSIONS, permissionsOf } from '#staff/rules';

/** The staff of a college, served: one person for each office, and somebody of another college. */

export interface Desk {
  readonly world: World;
  readonly office: Person;
  readonly system: Person;
  readonly security: Person;
  readonly auditor: Person;
  readonly supervisor: Person;
  readonly leader: Person;
  readonly stranger: Person;
  call(
    who: Person | null,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    body?: object,
  ): ReturnType<typeof request>;
  /** Makes an account and gives its id. */
  create(who: Person, change?: object): Promise<string>;
  close(): Promise<void>;
}

export const reason = '按部门要求办理';

let serial = 0;
export const newPerson = (change: object = {}) => {
  serial += 1;
  return { username: `t${serial}`, name: `新人${serial}`, kind: 'teacher', ...change };
};

export async function openDesk(): Promise<Desk> {
  const world = await makeWorld({ permissionsOf });
  const { app, close } = await serveEndpoints(world, (parts) => staffModule.endpoints?.(parts) ?? [], {
    permissions: PERMISSIONS,
    permissionsOf,
  });
  const call: Desk['call'] = (who, method, url, body) =>
    request(app, who, { method, url, ...(body && { body }) });
  const person = (role: string, name: string) => world.addPerson({ roles: [role], name });
  return {
    world,
    office: await person('admissions_office', '周办'),
    system: await person('system_admin', '康管'),
    security: await person('security_admin', '安全'),
    auditor: await person('audit_admin', '审计'),
    supervisor: await person('supervisor', '严督'),
    leader: await person('group_leader', '吴组'),
    stranger: await world.addPerson({
      roles: ['admissions_office', 'caller'],
      tenantId: await world.addTenant('other'),
      name: '外校',
    }),
    call,
    create: async (who, change = {}) => {
      const { status, body } = await call(who, 'POST', '/staff/people', newPerson(change));
      expect(status).toBe(200);
      return body.id as string;
    },
    close: async () => {
      await close();
      await world.close();
    },
  };
}
