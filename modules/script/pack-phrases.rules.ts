import type { Phrase } from './phrase.rules.ts';

const TEN_BANS_6 = '高校招生“十项禁令”：不得在录取结束前向考生违规承诺';
const TEN_BANS_7 = '高校招生“十项禁令”：不得以虚假宣传误导考生';
const TEN_BANS_4 = '高校招生“十项禁令”：不得在录取前后收取与录取挂钩的费用';
const THIRTY_16 = '高校招生“30个不得”：不得拒绝录取符合条件的考生';
const PIPL = '《个人信息保护法》第六条、第二十九条：最少必要，敏感信息单独同意';

const promise = (pattern: string, advice: string, rule = TEN_BANS_6): Omit<Phrase, 'id'> => ({
  pattern,
  kind: 'promise',
  advice,
  rule,
});
const threat = (pattern: string, advice: string): Omit<Phrase, 'id'> => ({
  pattern,
  kind: 'threat',
  advice,
  rule: TEN_BANS_7,
});
const pressing = (pattern: string, advice: string): Omit<Phrase, 'id'> => ({
  pattern,
  kind: 'discouragement',
  advice,
  rule: THIRTY_16,
});
const other = (pattern: string, advice: string, rule: string): Omit<Phrase, 'id'> => ({
  pattern,
  kind: 'other',
  advice,
  rule,
});

const ONLY_RESULT = '只说“是否录取以省考试院公布的结果为准”。';
const CONSEQUENCE = '只说省考试院文件里写明的后果，并注明文件名称。';
const OWN_CHOICE = '退档只由考生自己提出；请说明手续和截止时间，不替考生拿主意。';

/** What a college starts with; the office keeps the list from then on. */
export const DEFAULT_PHRASES: readonly Omit<Phrase, 'id'>[] = [
  promise('保录取', ONLY_RESULT),
  promise('包录取', ONLY_RESULT),
  promise('保证*录取', ONLY_RESULT),
  promise('肯定*录取', ONLY_RESULT),
  promise('一定*录取', ONLY_RESULT),
  promise('转专业', '不主动提；被问到时说“按学校公布的管理办法办理”，并注明章程条款。'),
  promise('换专业', '不在电话里答应；把意愿记在备注里。'),
  promise('奖学金', '只说章程公布的项目和条件，不说“都能拿到”。'),
  promise('减免*学费', '学费按公布的标准收取；困难同学请介绍国家资助政策。'),
  promise('学费*优惠', '学费按公布的标准收取，不能许诺优惠。'),
  promise('包就业', '只说已公布的就业质量报告里的数字。'),
  promise('包分配', '只说已公布的就业质量报告里的数字。'),
  promise('保研', '只说教育部批准的推免资格和学校公布的办法。'),
  promise('内部指标', '招生没有内部指标，遇到这种说法请报督查组。', TEN_BANS_7),
  promise('降分录取', '录取只按公布的规则进行。'),
  threat('诚信系统', CONSEQUENCE),
  threat('诚信档案', CONSEQUENCE),
  threat('征信', CONSEQUENCE),
  threat('黑名单', CONSEQUENCE),
  threat('无条件退档', CONSEQUENCE),
  threat('影响*高考报名', CONSEQUENCE),
  threat('不能*参加高考', CONSEQUENCE),
  threat('取消*资格', CONSEQUENCE),
  threat('影响*工作', '不说没有文件依据的后果。'),
  threat('影响*一辈子', '不吓唬考生和家长，请平实说明情况。'),
  threat('后果自负', '改为说明具体后果和依据，由考生自己决定。'),
  pressing('劝退', OWN_CHOICE),
  pressing('赶紧退', OWN_CHOICE),
  pressing('建议*退档', OWN_CHOICE),
  pressing('不如*复读', OWN_CHOICE),
  pressing('读不起', '不评价家庭情况；请介绍助学贷款和资助政策。'),
  pressing('供不起', '不评价家庭情况；请介绍助学贷款和资助政策。'),
  pressing('你不适合', '不替考生下结论，请回到对方的疑问。'),
  pressing('必须马上', '给对方考虑的时间，只告知截止时间。'),
  pressing('今天*必须', '给对方考虑的时间，只告知截止时间。'),
  other('先交*费', '录取之前不收任何费用，请删去。', TEN_BANS_4),
  other('缴费*才能录取', '录取和缴费无关，请删去。', TEN_BANS_4),
  other('别的学校*不行', '不评价其他学校。', TEN_BANS_7),
  other('其他学校都', '不评价其他学校。', TEN_BANS_7),
  other('暗箱', '请说明投档规则由省考试院执行，不重复这种说法。', TEN_BANS_7),
  other('身份证*发我微信', '证件照片按招生办公布的办法交，不用个人微信收。', PIPL),
  other('身份证*发到我', '证件照片按招生办公布的办法交，不用个人聊天工具收。', PIPL),
  other('银行卡号', '电话里不收银行卡信息。', PIPL),
];
