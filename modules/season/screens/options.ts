import { LEVEL_LABELS } from '../contract.ts';
import { LEVELS, PROVINCES } from '../rules.ts';

/** Choices that several forms of the season offer. */

export const levelOptions = LEVELS.map((value) => ({ value, label: LEVEL_LABELS[value] }));

export const provinceOptions = PROVINCES.map(({ code, short }) => ({
  value: code,
  label: `${code} ${short}`,
}));
