import { expect, test } from 'vitest';
import { defaultCallingHours, findProvince, PROVINCES, provinceName, provinceOf } from './province.rules.ts';

test('all 34 provinces, every short name shorter than the full one', () => {
  expect(PROVINCES).toHaveLength(34);
  expect(PROVINCES.filter(({ name, short }) => !name.startsWith(short) || short.length < 2)).toEqual([]);
  expect(new Set(PROVINCES.map(({ code }) => code)).size).toBe(34);
});

test.each([
  ['52', '贵州省', '贵州'],
  ['11', '北京市', '北京'],
  ['15', '内蒙古自治区', '内蒙古'],
  ['45', '广西壮族自治区', '广西'],
  ['64', '宁夏回族自治区', '宁夏'],
  ['65', '新疆维吾尔自治区', '新疆'],
  ['81', '香港特别行政区', '香港'],
])('%s is %s, in short %s', (code, name, short) => {
  expect(provinceOf(code)).toEqual({ code, name, short });
});

test.each([
  ['52', '52'],
  ['520102', '52'],
  ['贵州', '52'],
  ['贵州省', '52'],
  [' 西藏 ', '54'],
  ['99', undefined],
  ['贵', undefined],
  ['520', undefined],
])('a person who writes "%s" means %s', (text, code) => {
  expect(findProvince(text)?.code).toBe(code);
});

test('an unknown code is shown as it is', () => expect(provinceName('99')).toBe('99'));

test.each([
  ['51', '09:00', '21:00'],
  ['54', '10:00', '22:00'],
  ['65', '11:00', '23:00'],
])('calling hours of %s are %s to %s', (code, from, until) => {
  expect(defaultCallingHours(code)).toEqual({ from, until });
});
