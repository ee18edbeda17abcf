import type { Module } from '#platform/module';
import { staffEndpoints } from './routes.ts';

export { disablePerson, removeFromFollowUp } from './account.service.ts';
export type { Group } from './group.store.ts';
export type { Caller, GroupId, Profile } from './people.store.ts';
export { profileOf, readHolders as holdersOf } from './people.store.ts';
export {
  callersFor,
  groupsOf,
  isStudent,
  leaderOf,
  peopleInScope,
  type Scope,
  scopeOf,
  supervisorOf,
} from './scope.ts';
export { readSkills as skillsOf } from './unit.store.ts';

export const staffModule: Module = { endpoints: staffEndpoints };
