/** What the system holds before the first release, counted. */
export interface SetupFacts {
  /** Null while there is no season. */
  readonly seasonName: string | null;
  readonly batches: number;
  readonly majors: number;
  readonly policies: number;
  readonly policiesLacking: number;
  readonly scriptsInForce: number;
  readonly scriptsWaiting: number;
  readonly groups: number;
  readonly callers: number;
  readonly qualified: number;
  readonly candidates: number;
  /** The season has come to the phase in which filed candidates are called. */
  readonly isFiling: boolean;
  /** Waiting candidates whose province and batch may be released. */
  readonly releasable: number;
}

export interface SetupStep {
  readonly title: string;
  readonly done: boolean;
  /** What is there, or what to know before doing it. */
  readonly note: string;
  /** Whose hand it needs. */
  readonly who: string;
  readonly to: string;
}

const OFFICE = '招办';

/** 开季准备 in the order of docs/guide/office.md: a later step needs the earlier ones. The release itself ends the list. */
export function setupSteps(facts: SetupFacts): readonly SetupStep[] {
  return [...seasonSteps(facts), ...peopleSteps(facts), ...fileSteps(facts)];
}

function seasonSteps(facts: SetupFacts): readonly SetupStep[] {
  const { seasonName, batches, majors, policies, policiesLacking, scriptsInForce, scriptsWaiting } = facts;
  return [
    {
      title: '新建招生季',
      done: seasonName !== null,
      note: seasonName ?? '填年份、学校全称和座机区号。',
      who: OFFICE,
      to: '/settings/season',
    },
    {
      title: '录入批次',
      done: batches > 0,
      note: batches > 0 ? `${batches} 个批次` : '例如本科批、专科批；代码照省里的写。',
      who: OFFICE,
      to: '/settings/season?tab=batches',
    },
    {
      title: '录入专业与学费',
      done: majors > 0,
      note: majors > 0 ? `${majors} 个专业` : '学费会出现在话术里，请照招生章程填。',
      who: OFFICE,
      to: '/settings/season?tab=majors',
    },
    {
      title: '填写各省政策',
      done: policies > 0 && policiesLacking === 0,
      note:
        policies === 0
          ? '每个省份批次一条，缺一项就不能放出。'
          : `${policies} 条${policiesLacking > 0 ? `，其中 ${policiesLacking} 条有缺项` : '，没有缺项'}`,
      who: OFFICE,
      to: '/settings/policies',
    },
    {
      title: '准备话术',
      done: scriptsInForce > 0,
      note:
        scriptsInForce > 0
          ? `${scriptsInForce} 份在用`
          : scriptsWaiting > 0
            ? `${scriptsWaiting} 份待审批；自己写的由另一位同事通过`
            : '先装入默认话术，按学校情况修改，再提交审批。',
      who: '招办编写，另一人审批',
      to: '/settings/scripts',
    },
  ];
}

function peopleSteps({ groups, callers, qualified }: SetupFacts): readonly SetupStep[] {
  return [
    {
      title: '建立小组',
      done: groups > 0,
      note: groups > 0 ? `${groups} 个小组` : '每组 8 至 13 人，一位组长，一位督查员。',
      who: OFFICE,
      to: '/team/groups',
    },
    {
      title: '录入回访员',
      done: callers > 0,
      note: callers > 0 ? `${callers} 名回访员和组长` : '逐个新建，或下载模板填好后导入。',
      who: OFFICE,
      to: '/team/people',
    },
    {
      title: '资格审查',
      done: qualified > 0,
      note:
        callers > 0
          ? `${callers} 名回访员和组长，${qualified} 名已通过${qualified === 0 ? '；督查组由安全管理员授予' : ''}`
          : '培训合格、通过审查后才会分到考生。',
      who: '督查组',
      to: '/team/people?qualified=no',
    },
  ];
}

function fileSteps({ candidates, isFiling, releasable }: SetupFacts): readonly SetupStep[] {
  return [
    {
      title: '导入投档文件',
      done: candidates > 0,
      note: candidates > 0 ? `${candidates} 名考生` : 'ZIP、DBF、XLSX 或 CSV；先看预览，确认后才写入。',
      who: '录检组或招办',
      to: '/imports',
    },
    {
      title: '进入投档阶段',
      done: isFiling,
      note: isFiling ? '回访员看到投档的话术' : '名单到校后，从志愿填报指导进入“投档·通打一遍”。',
      who: OFFICE,
      to: '/settings/season',
    },
    {
      title: '分配与放出',
      done: false,
      note: releasable > 0 ? `${releasable} 名可以放出` : '先预览谁分到多少；放出后回访员马上能取到考生。',
      who: '录检组',
      to: '/admission/release',
    },
  ];
}
