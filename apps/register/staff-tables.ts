import { personal, type Register, sensitive } from './words.ts';

const configuration = (purpose: string, columns: string) =>
  ({ purpose, basis: 'none', class: 'none', kept: 'configuration', columns }) as const;

/** Tables of people, leave, season, scripts. */
export const STAFF_TABLES: Register = {
  org_unit: configuration(
    '二级学院和职能部门',
    'tenant_id id name kind head_id created_at voided_at void_reason',
  ),
  staff_group: configuration(
    '回访小组',
    'tenant_id id name leader_id supervisor_id leader_exception capacity dissolved_at created_at',
  ),
  staff_profile: {
    purpose: '回访分工所需的工作人员情况',
    basis: 'staff',
    class: 'link',
    kept: 'account',
    columns:
      'tenant_id user_id kind unit_id group_id experienced outstanding_last_year qualified_at qualified_by open_work_cap removed_at',
    personal: {
      staff_no: personal('工号或学号', { kept: 'accounts' }),
      removed_reason: personal('退出回访的原因'),
    },
  },
  skill: configuration('技能（方言、艺术等）', 'tenant_id code name kind voided_at void_reason'),
  user_skill: {
    purpose: '谁有哪项技能，用于分配',
    basis: 'staff',
    class: 'link',
    kept: 'account',
    columns: 'tenant_id user_id skill_code',
  },
  staff_leave: {
    purpose: '请假和三级审批',
    basis: 'staff',
    class: 'link',
    kept: 'leaves',
    columns:
      'tenant_id id user_id starts_on ends_on state unit_approved_by personnel_approved_by office_approved_by rejected_by returned_cases requested_at decided_at',
    personal: {
      reason: sensitive('请假原因，可能涉及健康'),
      decision_note: personal('审批意见'),
    },
  },
  season: configuration(
    '招生季',
    'tenant_id id name year college_name home_area_code active phase round created_at',
  ),
  season_phase: configuration('四个阶段的日期', 'tenant_id season_id phase starts_at ends_at'),
  batch: configuration('批次', 'tenant_id id season_id code name level art'),
  major: configuration('专业', 'tenant_id id season_id code name level art tuition_fen seats'),
  major_code: configuration(
    '各省专业代号',
    'tenant_id season_id province_code batch_id category_code plan_nature_code code name major_id seats tuition_fen seats_executed filing_margin adjust_rank remark',
  ),
  past_line: configuration(
    '往年录取分数线',
    'tenant_id id season_id province_code batch_id category year score_min rank_min',
  ),
  province_policy: configuration(
    '省份和批次政策',
    'tenant_id id season_id province_code batch_id district_code withdrawable phone_shielded new_exam art_school_exam seats batch_starts_at batch_ends_at withdrawal_deadline_at calling_from calling_until version updated_at updated_by',
  ),
  follow_up_setting: configuration(
    '回访规则各版本',
    'tenant_id season_id version body changed_by changed_at reason',
  ),
  script: configuration(
    '话术和短信模板',
    'tenant_id id season_id name kind withdrawable phase round occasion retired_at',
  ),
  script_version: configuration(
    '话术各版本及审批',
    'tenant_id id script_id version body flagged state authors written_at submitted_by submitted_at decided_by decided_at decision_note',
  ),
  phrase: configuration('敏感用语', 'tenant_id id pattern kind advice rule active'),
  signal: configuration('关注点名录', 'tenant_id code name help position active'),
  area_prefix: configuration('号段归属地', 'tenant_id prefix area_code province city source'),
  saved_view: configuration(
    '保存的列表条件，不存搜索词',
    'tenant_id id user_id screen name query audience group_id is_default created_at',
  ),
};
