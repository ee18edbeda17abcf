import { CLOSINGS, NUMBERS_HINT, OBJECTIONS, opening, step } from './pack-parts.rules.ts';
import { END, type ScriptBody } from './rules.ts';

/** After admission: congratulate, check, help with what comes next. No fee is asked for on the phone. */
export const ADMITTED: ScriptBody = {
  steps: [
    opening('congratulate'),
    step(
      ['congratulate', '告知录取'],
      '祝贺{{考生}}同学，您已被我校{{专业}}录取，在省考试院网站可以查到。打电话是想核对几件事：通知书寄到报名时登记的地址，地址和收件电话有没有变化？',
      '核对地址和电话，有变化当场登记。',
      { 没有变化: 'prepare', 有变化: 'address', 对录取有疑问: 'question' },
    ),
    step(
      ['address', '登记新地址'],
      '好的，请您说一下新的地址和收件人电话，我登记下来，再给您念一遍核对。',
      '逐字复述；改动会记入日志。',
      { 已登记: 'prepare' },
    ),
    step(
      ['prepare', '介绍入学准备'],
      '接下来请从学校官网公布的渠道核对身份信息，缴费和选宿舍按入学须知办理。缴费只走入学须知写明的学校官方渠道，不要转账给个人；家里有困难，可以先办助学贷款或走“绿色通道”，不影响报到。您在操作上有问题吗？',
      '不催缴费，只说明办法和时间；费用顾虑请按异议键。',
      { 没有问题: 'pathway', 需要帮助: 'help', 还在犹豫: 'question' },
    ),
    step(
      ['help', '帮助办理'],
      '我一步一步说，您跟着点。哪一步走不下去，告诉我页面上显示的文字，我帮您看。',
      '仍解决不了的，登记问题，请技术或资助老师联系。',
      { 办好了: 'pathway', 需要老师联系: 'thanks' },
    ),
    step(
      ['pathway', '了解升学打算'],
      '顺便问一句，毕业以后有没有继续读研究生的打算？学校有本专硕衔接项目，感兴趣的话我把介绍发给您，不感兴趣也没关系。',
      '愿意了解的，标记“本专硕意向”；不愿意的不再提。',
      { 愿意了解: 'numbers', 不需要: 'numbers' },
    ),
    step(
      ['question', '解答疑问'],
      '您的顾虑我想听完整，能答的现在答，答不了的请专门的老师联系您。您最放不下的是哪一点？',
      '按异议键；不催促。',
      { 疑问已解开: 'numbers', 还要想想: 'later', 不打算来: 'not_coming' },
    ),
    step(
      ['not_coming', '不打算来报到'],
      '我如实记下来，来不来由您自己决定。您愿意说说原因吗？如果是费用、身体或者参军，有专门的办法，我请老师联系您。',
      '记下原因，交组长；不说没有文件依据的后果。',
      { 请老师联系: 'thanks', 不需要: 'thanks' },
    ),
    step(
      ['numbers', '留下电话'],
      '为了报到前后好联系，请再留一个家里人的电话。通知书寄出时，会给您发短信。',
      NUMBERS_HINT,
      { 已留号码: 'thanks' },
    ),
    ...CLOSINGS,
  ],
  objections: OBJECTIONS,
};

/** Around arrival: is the notice there, how do they travel, what keeps them. */
export const ARRIVAL: ScriptBody = {
  steps: [
    opening('notice'),
    step(
      ['notice', '通知书和报到时间'],
      '快要开学了，{{考生}}同学的录取通知书收到了吗？报到时间、要带的材料都写在入学须知里，您看过了吗？',
      '没收到的登记快递情况，请招生办公室查询。',
      { 收到了: 'travel', 没收到: 'missing', 不打算来: 'reason' },
    ),
    step(
      ['missing', '没收到通知书'],
      '我马上登记，请招生办公室查快递，今天之内给您回话。要是快开学了还没收到，请打招生办公室的电话，我们告诉您怎么报到。',
      '登记收件地址和电话。',
      { 已登记: 'travel' },
    ),
    step(
      ['travel', '来校安排'],
      '您打算哪天、怎么来？需要接站的话，请按入学须知登记车次，接站的车站和时间上面都写着。路上注意安全，贵重物品随身带。',
      '登记到达时间和是否接站。',
      { 已安排好: 'thanks', 需要接站: 'thanks', 有困难: 'reason' },
    ),
    step(
      ['reason', '了解困难'],
      '您遇到什么情况了？费用、家里有事、身体原因、准备参军，都可以说。我把情况报给老师，看看能怎么帮您；要晚几天来，也可以先请假。',
      '按异议键；需要请假、资助、保留入学资格的，写明后转老师办理。',
      { 需要老师帮助: 'thanks', 晚几天来: 'thanks', 决定不来: 'not_coming' },
    ),
    step(
      ['not_coming', '决定不来'],
      '我如实记录，尊重您的决定。如果以后情况有变化，在报到截止之前都可以联系我们。',
      '记下原因，报组长转专人跟进。',
      { 结束通话: END },
    ),
    ...CLOSINGS,
  ],
  objections: OBJECTIONS,
};
