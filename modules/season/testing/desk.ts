import { makeWorld, type Person, request, type World } from '#platform/testing/app';
import { serveEndpoints } from '#platform/testing/module-server';
import { seasonModule } from '#season';
import { PERMISSIONS, permissionsOf } from '#staff/rules';

/** The season 2026 with one batch, served; who plans it, who only reads it, and two who see nothing of it. */

const DAY = 86_400_000;
export const START = Date.UTC(2026, 6, 20);

export interface PolicyItem {
  readonly id: string;
  readonly provinceCode: string;
  readonly batchId: string;
  readonly version: number;
  readonly missing: string[];
  readonly withdrawable: boolean | null;
  readonly [field: string]: unknown;
}

export interface Desk {
  readonly world: World;
  readonly office: Person;
  readonly caller: Person;
  readonly finance: Person;
  /** The office of another college. */
  readonly stranger: Person;
  readonly seasonId: string;
  readonly batchId: string;
  /** A request below `/seasons`. */
  call(
    who: Person | null,
    method: 'GET' | 'POST' | 'PUT',
    url: string,
    body?: unknown,
  ): ReturnType<typeof request>;
  /** Lays down the empty policy of a province in the batch. */
  add(provinceCode: string, change?: object): ReturnType<typeof request>;
  policies(): Promise<PolicyItem[]>;
  policyOf(provinceCode: string): Promise<PolicyItem>;
  close(): Promise<void>;
}

export const itemsOf = <T>(body: Record<string, unknown>): T[] => body.items as T[];

export const newSeason = (year: number, change: object = {}) => ({
  year,
  name: `${year}年招生季`,
  collegeName: '示例学院',
  homeAreaCode: '028',
  copyFrom: null,
  ...change,
});

/** The facts of a province where admitted students may withdraw; complete. */
export const facts = (change: object = {}) => ({
  withdrawable: true,
  phoneShielded: false,
  newExam: true,
  artSchoolExam: false,
  seats: 100,
  batchStartsAt: START,
  batchEndsAt: START + 8 * DAY,
  withdrawalDeadlineAt: START + 7 * DAY,
  callingFrom: '09:00',
  callingUntil: '21:00',
  ...change,
});

export async function openDesk(): Promise<Desk> {
  const world = await makeWorld({ permissionsOf });
  const { app, close } = await serveEndpoints(world, (parts) => seasonModule.endpoints?.(parts) ?? [], {
    permissions: PERMISSIONS,
    permissionsOf,
  });
  const call: Desk['call'] = (who, method, url, body) =>
    request(app, who, { method, url: `/seasons${url}`, ...(body !== undefined && { body }) });
  const office = await world.addPerson({ roles: ['admissions_office'], name: '周办' });
  const seasonId = String((await call(office, 'POST', '', newSeason(2026))).body.id);
  const batch = { code: 'B', name: '本科批', level: 'undergraduate', art: false };
  const batchId = String((await call(office, 'POST', `/${seasonId}/batches`, batch)).body.id);
  const policies: Desk['policies'] = async () =>
    itemsOf<PolicyItem>((await call(office, 'GET', `/${seasonId}/policies`)).body);
  return {
    world,
    office,
    caller: await world.addPerson({ roles: ['caller'], name: '李访' }),
    finance: await world.addPerson({ roles: ['finance'], name: '钱财' }),
    stranger: await world.addPerson({
      roles: ['admissions_office'],
      tenantId: await world.addTenant('other'),
      name: '外校',
    }),
    seasonId,
    batchId,
    call,
    add: (provinceCode, change = {}) =>
      call(office, 'POST', `/${seasonId}/policies`, {
        places: [{ provinceCode, batchId, districtCode: '', ...change }],
      }),
    policies,
    policyOf: async (provinceCode) => {
      const found = (await policies()).find((policy) => policy.provinceCode === provinceCode);
      if (!found) throw new Error(`no policy of ${provinceCode}`);
      return found;
    },
    close: async () => {
      await close();
      await world.close();
    },
  };
}
