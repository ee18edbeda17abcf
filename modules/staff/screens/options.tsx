import { Tag } from 'antd';
import { useRoute } from '#ui/api';
import type { FilterOption } from '#ui/filter-form';
import { AccountState, KIND_LABELS, STATE_LABELS } from '../contract.ts';
import { CALLING_ROLES, ROLE_LABELS, ROLES, type Role } from '../rules.ts';
import { listGroups, listSkills, listUnits } from '../team.contract.ts';

export const optionsOf = (labels: Readonly<Record<string, string>>): FilterOption[] =>
  Object.entries(labels).map(([value, label]) => ({ value, label }));

export const kindOptions = optionsOf(KIND_LABELS);
export const stateOptions = optionsOf(STATE_LABELS);
export const roleOptions: FilterOption[] = ROLES.map((value) => ({ value, label: ROLE_LABELS[value] }));
export const roleLabel = (role: string): string => ROLE_LABELS[role as Role] ?? role;

/** Only who makes calls needs the qualification. */
export const makesCalls = ({ roles }: { readonly roles: readonly string[] }): boolean =>
  roles.some((role) => CALLING_ROLES.includes(role as Role) || role === 'escalation_member');

/** Groups, units and skills for filters and forms. */
export function useTeamOptions() {
  const groups = useRoute(listGroups).data?.items ?? [];
  const units = useRoute(listUnits).data?.items ?? [];
  const skills = useRoute(listSkills).data?.items ?? [];
  return {
    groups: groups.map(({ id, name, members, capacity }) => ({ value: id, label: name, members, capacity })),
    units: units.map(({ id, name }) => ({ value: id, label: name })),
    skills: skills.map(({ code, name }) => ({ value: code, label: name })),
    skillName: (code: string): string => skills.find((skill) => skill.code === code)?.name ?? code,
  };
}

const stateColours = {
  active: 'success',
  locked: 'warning',
  removed: 'default',
  expired: 'warning',
  disabled: 'error',
} as const;

export function StateTag({ state }: { readonly state: keyof typeof STATE_LABELS }) {
  return <Tag color={stateColours[AccountState.parse(state)]}>{STATE_LABELS[state]}</Tag>;
}

export function Tags({ words }: { readonly words: readonly string[] }) {
  if (words.length === 0) return <span className="zz-note">无</span>;
  return (
    <span className="zz-tags">
      {words.map((word) => (
        <Tag key={word}>{word}</Tag>
      ))}
    </span>
  );
}
