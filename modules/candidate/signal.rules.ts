export interface Signal {
  readonly code: string;
  readonly name: string;
  readonly help: string;
}

/**
 * The fourteen signals in neutral words: a signal raises attention and leads to help; it never lowers a
 * chance. 个人信息保护法 art. 24 and 28: none for poverty, schooling of parents, ethnicity or health.
 */
export const DEFAULT_SIGNALS: readonly Signal[] = [
  {
    code: 'cost_concern',
    name: '费用顾虑',
    help: '按已公布的标准讲清学费、住宿费和缴费时间，说明分期与减免的办理途径。',
  },
  {
    code: 'distance',
    name: '距离顾虑',
    help: '介绍到校路线、接站安排和往返费用，可约线上看校园，并留同乡学生组织的联系方式。',
  },
  {
    code: 'repeat_intention',
    name: '有复读想法',
    help: '尊重选择：说明本批录取结果与复读政策的公开规定，请本人与家长商量后再约时间。',
  },
  {
    code: 'undecided',
    name: '尚未决定',
    help: '问清最想弄明白的一件事，当场解答或约定时间请专人回复，不催促表态。',
  },
  {
    code: 'low_preference',
    name: '志愿靠后',
    help: '介绍预录专业的课程与去向，说明志愿顺序不影响入学后的待遇。',
  },
  {
    code: 'hearsay',
    name: '听到传言',
    help: '请对方说出听到的内容，逐条对照学校公开信息解释，并告知官方核实渠道。',
  },
  {
    code: 'little_reaction',
    name: '回应较少',
    help: '换个时间再联系，放慢语速，先问本人是否方便，可改用短信发送要点。',
  },
  {
    code: 'asks_about_aid',
    name: '询问资助',
    help: '介绍国家助学金、助学贷款、勤工助学的条件与办理时间，转学生资助中心专人答复。',
  },
  {
    code: 'not_know_us',
    name: '对学校不了解',
    help: '发送学校简介、章程链接和专业介绍，约一次答疑。',
  },
  {
    code: 'needs_help_talking',
    name: '沟通需协助',
    help: '安排会当地方言的同事，或约家中方便沟通的成员一起通话。',
  },
  {
    code: 'reserved',
    name: '有所保留',
    help: '不追问原因，留下学校核实电话，隔日换一位同事联系。',
  },
  {
    code: 'abroad',
    name: '考虑出国',
    help: '按公开信息介绍本专硕衔接项目与一般留学的区别，由国际项目老师答复。',
  },
  {
    code: 'enlistment',
    name: '考虑参军',
    help: '说明入伍保留学籍或入学资格的规定与办理材料，转武装部老师。',
  },
  {
    code: 'away',
    name: '人在外地',
    help: '约本人方便的时间，记下本人号码，录取材料可改寄现住地址。',
  },
];

/** 个人信息保护法 art. 28: what a signal must never record about a person or family. 困难 is a word of aid, 贫困 a label. */
const FORBIDDEN_WORDS = [
  ...[
    '贫困',
    '贫穷',
    '穷',
    '低保',
    '建档立卡',
    '文盲',
    '父母学历',
    '家长学历',
    '家长文化',
    '单亲',
    '留守',
    '农村',
  ],
  ...['民族', '少数民族', '宗教', '信仰', '疾病', '残疾', '抑郁', '精神', '怀孕', '政审', '户籍', '素质低'],
];

/** The first forbidden word in a name or help text, or null. */
export const forbiddenWord = (text: string): string | null =>
  FORBIDDEN_WORDS.find((word) => text.includes(word)) ?? null;
