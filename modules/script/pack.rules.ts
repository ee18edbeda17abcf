import {
  BINDING_FINAL,
  BINDING_FIRST,
  BINDING_FOCUS,
  GUIDANCE,
  WITHDRAWABLE_FINAL,
  WITHDRAWABLE_FIRST,
  WITHDRAWABLE_FOCUS,
} from './pack-filing.rules.ts';
import { ADMITTED, ARRIVAL } from './pack-later.rules.ts';
import type { Place, ScriptBody } from './rules.ts';

export interface PackScript extends Place {
  readonly name: string;
  readonly body: ScriptBody;
}

const call = (name: string, place: Omit<Place, 'kind'>, body: ScriptBody): PackScript => ({
  ...place,
  kind: 'call',
  name,
  body,
});

const ANY = { withdrawable: null, phase: null, round: null, occasion: null } as const;

const sms = (name: string, say: string, place: Partial<Omit<Place, 'kind'>> = {}): PackScript => ({
  ...ANY,
  ...place,
  kind: 'sms',
  name,
  body: { steps: [{ id: 'text', title: '短信内容', say, ask: '', branches: [] }], objections: [] },
});

const filing = (withdrawable: boolean, round: 'first' | 'focus' | 'final') =>
  ({ ...ANY, withdrawable, phase: 'filing', round }) as const;

/** What a college starts with: two families for filing, one script for each other phase, and messages. */
export const DEFAULT_PACK: readonly PackScript[] = [
  call('志愿填报指导', { ...ANY, phase: 'guidance' }, GUIDANCE),
  call('可退档·通打一遍', filing(true, 'first'), WITHDRAWABLE_FIRST),
  call('可退档·集中突破', filing(true, 'focus'), WITHDRAWABLE_FOCUS),
  call('可退档·最终确认', filing(true, 'final'), WITHDRAWABLE_FINAL),
  call('不可退档·通打一遍', filing(false, 'first'), BINDING_FIRST),
  call('不可退档·集中突破', filing(false, 'focus'), BINDING_FOCUS),
  call('不可退档·最终确认', filing(false, 'final'), BINDING_FINAL),
  call('录取后', { ...ANY, phase: 'admitted' }, ADMITTED),
  call('报到', { ...ANY, phase: 'arrival' }, ARRIVAL),
  sms(
    '未接电话',
    '【{{学校}}】您好，我是{{学校}}招生办公室的{{回访员}}，刚才给您打电话没有接通，想和您核对招生录取信息，稍后会再打给您。也可以从学校官网查招生办电话打过来。录取前学校不收任何费用。',
    { occasion: 'no_answer' },
  ),
  sms(
    '关机或无法接通',
    '【{{学校}}】您好，{{学校}}招生办公室多次致电未能接通，想和{{考生}}同学核对{{年份}}年招生录取信息，请开机后留意来电，或从学校官网查询招生办电话联系我们。',
    { occasion: 'switched_off' },
  ),
  sms(
    '拒接后说明身份',
    '【{{学校}}】打扰了，刚才的来电是{{学校}}招生办公室，不是推销。想和{{考生}}同学核对招生录取信息，您可从学校官网查到招生办电话核实。不希望再接到来电，打这个电话说一声，或接听时告诉我们。',
    { occasion: 'declined' },
  ),
  sms(
    '约定回电提醒',
    '【{{学校}}】{{考生}}同学您好，招生办{{回访员}}会按约定的时间给您打电话，请保持手机畅通。时间有变，请打招生办电话告诉我们。',
  ),
  sms(
    '退档材料提醒',
    '【{{学校}}】{{考生}}同学，您的退档申请还缺材料：申请书（本人和家长签名）、身份证、准考证拍在一张照片里，请在{{退档截止}}前按招生办告诉您的办法交来，不要发到个人微信。改变主意请告诉我们。',
    { withdrawable: true, phase: 'filing' },
  ),
  sms(
    '录取结果查询',
    '【{{学校}}】{{考生}}同学，{{省份}}{{批次}}录取结果请以省教育考试院网站公布的为准。录取后可从学校官网公布的渠道核对专业、身份信息和通知书邮寄地址。',
    { phase: 'filing' },
  ),
  sms(
    '通知书寄出',
    '【{{学校}}】{{考生}}同学，您的{{专业}}录取通知书已寄往报名时登记的地址，请留意快递。缴费只走入学须知写明的学校官方渠道，学校不会让您转账给个人。',
    { phase: 'admitted' },
  ),
  sms(
    '助学贷款提醒',
    '【{{学校}}】{{考生}}同学，需要助学贷款请在暑假向户籍所在县（市、区）学生资助管理中心申请；开学一时凑不齐学费，可走“绿色通道”先报到再办理。',
    { phase: 'admitted' },
  ),
  sms(
    '报到提醒',
    '【{{学校}}】{{考生}}同学，开学临近，请按入学须知准备材料。需要接站请按须知登记车次；有困难不能按时来，请先联系学校请假。',
    { phase: 'arrival' },
  ),
];
