export type { Group } from './group.store.ts';
export type { Caller, GroupId, Profile } from './people.store.ts';
export { profileOf } from './people.store.ts';
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
