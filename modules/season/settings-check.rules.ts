import { type ArrivalTarget, type FollowUpSettings, POLICY_KINDS, TARGET_LEVELS } from './settings.rules.ts';

/** Figures that contradict each other, as sentences; empty when all is well. */
export const settingIssues = (settings: FollowUpSettings): string[] => [
  ...timeIssues(settings),
  ...countIssues(settings),
  ...targetIssues(settings),
];

function timeIssues(settings: FollowUpSettings): string[] {
  const { heartbeatSeconds, leaseMinutes, groupAfterMinutes, poolAfterMinutes } = settings;
  const issues: string[] = [];
  if (heartbeatSeconds * 2 > leaseMinutes * 60) {
    issues.push(
      `占用时长 ${leaseMinutes} 分钟内至少要能续约两次，续约间隔 ${heartbeatSeconds} 秒太长，请改为 ${leaseMinutes * 30} 秒以内。`,
    );
  }
  if (groupAfterMinutes > poolAfterMinutes) {
    issues.push(
      `放给本组（${groupAfterMinutes} 分钟后）不能晚于放给所有人（${poolAfterMinutes} 分钟后），请调整其中一个。`,
    );
  }
  const unordered = settings.paperReminderHours.some((hours, place, all) => hours <= (all[place - 1] ?? 0));
  if (unordered) {
    issues.push(`催材料的时间 ${settings.paperReminderHours.join('、')} 小时要一次比一次晚。`);
  }
  if (settings.considerLastDayHours > settings.considerHours) {
    issues.push(
      `“考虑”在最后一天的间隔 ${settings.considerLastDayHours} 小时，不能比平时的 ${settings.considerHours} 小时更长。`,
    );
  }
  return issues;
}

function countIssues({
  dialsPerCandidatePerDay,
  dialsPerNumberPerDay,
  unreachable,
}: FollowUpSettings): string[] {
  const issues: string[] = [];
  if (dialsPerCandidatePerDay < dialsPerNumberPerDay) {
    issues.push(
      `每名考生每天最多 ${dialsPerCandidatePerDay} 次，少于每个号码的 ${dialsPerNumberPerDay} 次，请把前者改为不少于 ${dialsPerNumberPerDay} 次。`,
    );
  }
  if (unreachable.dialsPerNumberUrgent > unreachable.dialsPerNumber) {
    issues.push(
      `临近截止时的拨打次数 ${unreachable.dialsPerNumberUrgent} 次，不能多于平时的 ${unreachable.dialsPerNumber} 次。`,
    );
  }
  return issues;
}

const LEVEL_NAMES = { undergraduate: '本科', junior: '专科' } as const;
const POLICY_NAMES = { withdrawable: '可退档省份', binding: '不可退档省份' } as const;

function targetIssues({ targets }: FollowUpSettings): string[] {
  const all = TARGET_LEVELS.flatMap((level): (ArrivalTarget & { name: string })[] => [
    { name: `${LEVEL_NAMES[level]}报到率`, ...targets.arrival[level] },
    ...POLICY_KINDS.map((kind) => ({
      name: `${LEVEL_NAMES[level]}${POLICY_NAMES[kind]}个人报到率`,
      ...targets.callerArrival[level][kind],
    })),
  ]);
  return all
    .filter(({ basicPerMille, targetPerMille }) => basicPerMille > targetPerMille)
    .map(
      ({ name, basicPerMille, targetPerMille }) =>
        `${name}的基本任务 ${percentOf(basicPerMille)} 高于目标任务 ${percentOf(targetPerMille)}，请调整其中一个。`,
    );
}

/** 985 as 98.5%. */
const percentOf = (perMille: number): string => `${Math.floor(perMille / 10)}.${perMille % 10}%`;
