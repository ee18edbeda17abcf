import { CLOSINGS, NUMBERS_HINT, OBJECTIONS, opening, step } from './pack-parts.rules.ts';
import type { Objection, ScriptBody, Step } from './rules.ts';

const MISMATCH = step(
  ['mismatch', '信息有出入'],
  '谢谢您告诉我。请说一下哪里不一致，我原样记下来，请招生办公室核对以后给您回电话。核对清楚之前，我们不会动您的档案。',
  '记下不一致的内容，结果登记为“信息不符”。',
  { 记好了: 'thanks' },
);

const SCHOOL = step(
  ['school', '介绍学校和费用'],
  '我简单说一下：学校的办学性质、住宿和收费都写在今年的招生章程里，{{专业}}的学费是{{学费}}。您想多了解专业、住宿、费用还是交通？',
  '费用只说章程公布的数字；不知道的不要猜，记下来再答复。有疑问时按异议键。',
  { 没有疑问: 'intent', 疑问已回答: 'intent' },
);

const CONSIDER = step(
  ['consider', '还要考虑'],
  '没关系，这件事值得多想想，也和家里人商量一下。您现在主要在想哪一点？能说明的我现在就说，说不清的我问清楚再回您。您看什么时候方便，我再打给您？',
  '登记顾虑和约定时间，不催促。',
  { 已约时间: 'thanks' },
);

const WITHDRAW: readonly Step[] = [
  step(
    ['withdraw', '想申请退档'],
    '退不退档由您自己决定，我把手续说清楚。退档以后，我校不再录取您；能不能报征集志愿或下一批次，以省考试院的规定为准，请您先查一下再定。申请书要您本人和家长签名，连同身份证、准考证拍在一张照片里，在{{退档截止}}之前交到招生办公室。您确定要申请吗？',
    '只说明，不引导。对方拿不准，就选“再想想”。',
    { 确定申请: 'papers', 再想想: 'consider' },
  ),
  step(
    ['papers', '办理退档'],
    '好的，我把申请书和交材料的办法发给您。证件照片只按这个办法交，不要发到任何人的微信、QQ。学校核对材料以后办理，结果会告诉您。在办完之前您改变主意，打电话说一声就可以。',
    '结果登记为“申请退档”，按 G 登记并生成申请书，约定提醒材料的时间。',
    { 已说明: 'thanks' },
  ),
];

const CONFIRM = step(
  ['confirm', '愿意就读'],
  '好的，我记下您愿意来读。录取结束以后，请从学校官网公布的渠道核对录取专业、身份信息和通知书的邮寄地址。录取之前学校不收任何费用。为了以后好联系，能不能再留一个家里人的电话？',
  NUMBERS_HINT,
  { 已留号码: 'thanks', 暂时不留: 'thanks' },
);

const withdrawableIntent = (say: string): Step =>
  step(['intent', '了解打算'], say, '听对方说完，不打断；按对方自己的话登记。', {
    愿意就读: 'confirm',
    还要考虑: 'consider',
    想申请退档: 'withdraw',
  });

const informOf = (say: string, ask: string): Step =>
  step(['inform', '告知投档情况'], say, ask, { 一致: 'school', 有出入: 'mismatch' });

const WITHDRAWABLE_INFORM = informOf(
  '{{省份}}{{批次}}正在录取。省教育考试院已经把{{考生}}同学的电子档案投到我校，填报的是第{{志愿序号}}志愿，拟安排的专业是{{专业}}。最后是否录取，以省考试院公布的结果为准。请问这些和您填报的一致吗？',
  '逐项核对姓名、志愿、专业。',
);

/** Whoever was not reached in an earlier round hears first what the others heard then. */
const NOT_YET_TOLD = { 以前没通过话: 'inform' } as const;
const LOOK_FIRST = '先看联系记录：以前没通过话的不念这一段，直接选“以前没通过话”。';

const withdrawableBody = (first: readonly Step[], intent: Step): ScriptBody => ({
  steps: [
    ...first,
    WITHDRAWABLE_INFORM,
    SCHOOL,
    intent,
    CONFIRM,
    CONSIDER,
    ...WITHDRAW,
    MISMATCH,
    ...CLOSINGS,
  ],
  objections: OBJECTIONS,
});

/** First pass in withdrawable provinces: inform, answer, learn the intention. Nothing in it promises or presses (十项禁令 6 and 7). */
export const WITHDRAWABLE_FIRST = withdrawableBody(
  [opening('inform')],
  withdrawableIntent('想听听您自己的打算，怎么选都可以，我如实记录。您愿意来我校就读吗？'),
);

export const WITHDRAWABLE_FOCUS = withdrawableBody(
  [
    opening('recall'),
    step(
      ['recall', '接着上次说'],
      '上次联系时您还在考虑。{{考生}}同学的档案现在仍在我校，拟安排的专业是{{专业}}。上次您担心的那几点，我这边问清楚了，跟您说一下。',
      `${LOOK_FIRST}通过话的，把上次答应去问的事情说清楚。`,
      { 疑问已说清: 'intent', 还有疑问: 'answer', 信息有出入: 'mismatch', ...NOT_YET_TOLD },
    ),
    step(
      ['answer', '解答疑问'],
      '您请说，我记着。能答的我现在答，答不了的我请专门的老师今天之内联系您。',
      '按异议键；需要别人答复的，写明问题和期限。',
      { 已解答: 'intent', 需要老师答复: 'consider' },
    ),
  ],
  withdrawableIntent(
    '{{省份}}{{批次}}办理退档的截止时间是{{退档截止}}，过了这个时间省里不再受理。您现在的打算是什么？还没想好也没关系。',
  ),
);

export const WITHDRAWABLE_FINAL = withdrawableBody(
  [
    opening('state'),
    step(
      ['state', '核对最后的打算'],
      '{{省份}}{{批次}}的录取快要结束了，退档截止时间是{{退档截止}}。打这个电话是想和您核对一下最后的打算，免得记错。我们记录的是：{{考生}}同学，{{专业}}。',
      `${LOOK_FIRST}通过话的，把已登记的状态念给对方听，请对方确认。`,
      { 对方清楚: 'intent', 信息有出入: 'mismatch', ...NOT_YET_TOLD },
    ),
  ],
  withdrawableIntent(
    '请您说说现在的打算：愿意就读、要申请退档，还是没想好，我都如实记录。截止以前没有申请退档的，档案按规定继续录取，结果以省考试院公布的为准。',
  ),
);

const INVITE = step(
  ['invite', '邀请就读'],
  '欢迎您来{{学校}}。录取结束后请从学校官网公布的渠道核对信息，通知书寄出时会发短信到您报名时登记的手机。我可以请同专业的学长学姐或辅导员联系您，回答您生活和学习上的问题，您看需要吗？能不能再留一个家里人的电话？',
  NUMBERS_HINT,
  { 需要联系: 'thanks', 不需要: 'thanks' },
);

const NOT_COMING = step(
  ['not_coming', '明确不来'],
  '我记下来了，来不来报到由您自己决定。{{省份}}{{批次}}按规定投档后不能退档，这一点要跟您说清楚；具体规定请看省考试院公布的录取办法，也可以打考试院的咨询电话问。您愿意说说原因吗？如果是费用或者手续上的难处，我们一起想办法。',
  '只转述省里文件写明的规定。记下原因，交组长安排专人联系。',
  { 愿意说原因: 'doubts', 不愿多说: 'thanks' },
);

const doubts = (say: string): Step =>
  step(['doubts', '解开疑问'], say, '先听完再回答，按异议键；费用上的顾虑先介绍资助政策。', {
    疑问已解开: 'invite',
    还要想想: 'consider',
    明确不来: 'not_coming',
  });

const bindingIntent = step(
  ['intent', '了解打算'],
  '您对{{专业}}和学校还有什么想了解的？开学的时候打算来报到吗？',
  '听对方说完，按对方自己的话登记。',
  { 打算来: 'invite', 有疑问: 'doubts', 明确不来: 'not_coming' },
);

const BINDING_INFORM = informOf(
  '告诉您一个消息：{{省份}}{{批次}}录取中，省教育考试院已经把{{考生}}同学的电子档案投到我校，填报的是第{{志愿序号}}志愿，拟安排的专业是{{专业}}。按{{省份}}的规定，这一批投档后不能退档；最后结果以省考试院公布的为准。请问信息对得上吗？',
  '逐项核对姓名、志愿、专业。不能退档只转述省里的规定，对方想看原文，告诉他在省考试院网站的录取办法里。',
);

const bindingBody = (first: readonly Step[], doubt: string): ScriptBody => ({
  steps: [
    ...first,
    BINDING_INFORM,
    SCHOOL,
    bindingIntent,
    doubts(doubt),
    INVITE,
    CONSIDER,
    NOT_COMING,
    MISMATCH,
    ...CLOSINGS,
  ],
  objections: OBJECTIONS,
});

/** First pass in binding provinces: inform, resolve doubts, invite. */
export const BINDING_FIRST = bindingBody(
  [opening('inform')],
  '您的顾虑我想听完整。费用、专业、路程、家里的安排，您最放不下的是哪一点？',
);

/** Focus and final rounds in binding provinces begin with what was said last time. */
const bindingAgain = (recall: string): ScriptBody =>
  bindingBody(
    [
      opening('recall'),
      step(['recall', '接着上次说'], recall, `${LOOK_FIRST}通过话的，把上次答应去问的事情说清楚。`, {
        没有新的疑问: 'intent',
        还有疑问: 'doubts',
        信息有出入: 'mismatch',
        ...NOT_YET_TOLD,
      }),
    ],
    '您请说，我记着。能答的现在答，答不了的请专门的老师今天之内联系您。',
  );

export const BINDING_FOCUS = bindingAgain(
  '上次联系后，您关心的几件事我都问过了，跟您说一下。{{考生}}同学拟安排的专业是{{专业}}，学费是{{学费}}。',
);
export const BINDING_FINAL = bindingAgain(
  '{{省份}}{{批次}}的录取快要结束了，我再和您核对一遍：{{考生}}同学，拟安排的专业是{{专业}}。最后结果请以省考试院公布的为准。',
);

/** Nothing is filed yet, so that there is no major whose tuition could be named. */
const GUIDANCE_OBJECTIONS: readonly Objection[] = OBJECTIONS.filter(({ id }) =>
  ['tuition', 'loan', 'distance', 'jobs', 'dormitory', 'diploma', 'hearsay', 'fraud', 'stop'].includes(id),
).map((one) =>
  one.id === 'tuition'
    ? {
        ...one,
        say: '我理解，学费是大事。各专业的学费都写在招生章程里，同一个专业一个标准，您说专业，我照章程念给您听。开学前一时凑不齐的，可以走“绿色通道”：先报到，再办资助手续。',
      }
    : one,
);

/** 志愿填报指导: answers questions, does not solicit. */
export const GUIDANCE: ScriptBody = {
  steps: [
    opening('need'),
    step(
      ['need', '了解需要'],
      '现在是填报志愿的时候，我可以介绍我校在{{省份}}的招生专业、计划和往年分数线。填什么志愿由您自己决定，账号和密码请您自己保管，不要告诉任何人。您想了解哪些？',
      '只提供公布过的计划和分数；不代填，不索要账号。',
      { 想了解专业: 'majors', 暂时不需要: 'thanks' },
    ),
    step(
      ['majors', '介绍专业和分数'],
      '专业设置、选科要求、学费都在招生章程里，往年的分数线我念给您听，今年的以实际投档为准，不能保证。您感兴趣的专业我记下来，需要的话请学院的老师联系您。',
      '登记感兴趣的专业和想知道的问题。',
      { 说完了: 'thanks' },
    ),
    ...CLOSINGS,
  ],
  objections: GUIDANCE_OBJECTIONS,
};
