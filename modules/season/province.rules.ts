/** Provinces by the first two digits of GB/T 2260, with the hours when people there may be called. */
export interface Province {
  readonly code: string;
  readonly name: string;
  readonly short: string;
}

const TABLE =
  '11北京市北京 12天津市天津 13河北省河北 14山西省山西 15内蒙古自治区内蒙古 21辽宁省辽宁 22吉林省吉林 23黑龙江省黑龙江 ' +
  '31上海市上海 32江苏省江苏 33浙江省浙江 34安徽省安徽 35福建省福建 36江西省江西 37山东省山东 41河南省河南 42湖北省湖北 ' +
  '43湖南省湖南 44广东省广东 45广西壮族自治区广西 46海南省海南 50重庆市重庆 51四川省四川 52贵州省贵州 53云南省云南 ' +
  '54西藏自治区西藏 61陕西省陕西 62甘肃省甘肃 63青海省青海 64宁夏回族自治区宁夏 65新疆维吾尔自治区新疆 71台湾省台湾 ' +
  '81香港特别行政区香港 82澳门特别行政区澳门';

/** In the order of their codes. */
export const PROVINCES: readonly Province[] = TABLE.split(' ').map((entry) => {
  const code = entry.slice(0, 2);
  const short = /^(.+?)(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)\1$/.exec(
    entry.slice(2),
  );
  const name = short?.[1] ?? entry.slice(2);
  return { code, name: entry.slice(2, entry.length - name.length), short: name };
});

const BY_CODE: ReadonlyMap<string, Province> = new Map(
  PROVINCES.map((province) => [province.code, province]),
);

/** The province of a two-digit code or of any longer area code that starts with it. */
export const provinceOf = (areaCode: string): Province | null => BY_CODE.get(areaCode.slice(0, 2)) ?? null;

/** 贵州 for 52; the code itself when nobody knows it. */
export const provinceName = (code: string): string => provinceOf(code)?.short ?? code;

/** A province by what a file or a person calls it: 52, 贵州, 贵州省, 520000. */
export function findProvince(text: string): Province | null {
  const given = text.trim();
  if (/^\d{2}(\d{4})?$/.test(given)) return provinceOf(given);
  return PROVINCES.find(({ name, short }) => given === name || given === short) ?? null;
}

export interface CallingHours {
  readonly from: string;
  readonly until: string;
}

const USUAL: CallingHours = { from: '09:00', until: '21:00' };
/** Beijing time where the sun is later: 新疆 two hours, 西藏 one. */
const LATER: ReadonlyMap<string, CallingHours> = new Map([
  ['65', { from: '11:00', until: '23:00' }],
  ['54', { from: '10:00', until: '22:00' }],
]);

export const defaultCallingHours = (provinceCode: string): CallingHours => LATER.get(provinceCode) ?? USUAL;
