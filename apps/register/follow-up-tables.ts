import { personal, type Register, sensitive } from './words.ts';

const ledger = (purpose: string, columns: string) =>
  ({ purpose, basis: 'admission', class: 'link', kept: 'statistics', columns }) as const;

/** Tables of the follow-up, of assignment, withdrawal, exports and figures. */
export const FOLLOW_UP_TABLES: Register = {
  follow_up_case: ledger(
    '每名考生每个阶段的回访任务',
    'tenant_id id season_id policy_id candidate_id phase round owner_id group_id state disposition result result_reason priority due_at group_due_at pool_due_at deadline_at required_skill not_caller_id lease_id callback_id escalation_id blocked_reason in_charge_id attempts dials contacts talk_seconds refusals unanswered considered day_parts messages dialled_on dialled_today last_attempt_id last_attempt_at last_outcome skips version event_hash created_at updated_at',
  ),
  case_event: {
    ...ledger('任务的链式日志', 'tenant_id case_id seq kind at actor_id cause_id after hash'),
    personal: { note: personal('系统或工作人员写的说明；身份证号、电话不写在这里') },
  },
  lease: ledger(
    '谁在何时持有任务：也是查看档案的登记',
    'tenant_id id case_id candidate_id caller_id how phone_id dial_started_at opened_at heartbeat_at expires_at ended_at end_reason undo before script_version_id',
  ),
  lease_phone: ledger('通话中占用的号码', 'tenant_id lease_id phone_id ended_at'),
  lease_draft: {
    purpose: '通话中未保存的内容',
    basis: 'admission',
    class: 'link',
    kept: 'call_notes',
    columns: 'tenant_id lease_id saved_at',
    personal: { body: sensitive('草稿，密封') },
  },
  attempt: {
    ...ledger(
      '联系记录台账',
      'tenant_id id case_id candidate_id season_id policy_id lease_id caller_id group_id phase round channel direction phone_id line answerer result outcome counts_as_contact policy_version script_version_id started_at answered_at ended_at talk_seconds flagged incomplete client_key created_at',
    ),
    personal: {
      note: sensitive('通话备注，密封', { kept: 'call_notes' }),
      recording_file_id: sensitive('录音文件（尚未启用）', { kept: 'files', basis: 'given' }),
    },
  },
  attempt_correction: ledger(
    '联系记录的更正',
    'tenant_id id attempt_id kind before after reason corrected_by corrected_at',
  ),
  callback: {
    ...ledger(
      '约定的回电',
      'tenant_id id case_id due_at scope created_by created_at state ended_at successor_id',
    ),
    personal: { note: personal('回电备注', { kept: 'call_notes' }) },
  },
  credit: ledger('结果归属', 'tenant_id case_id user_id kind rule_version escalation_id given_at ended_at'),
  do_not_call: {
    ...ledger(
      '勿再来电：长期遵守',
      'tenant_id id scope candidate_id phone_id set_by set_at ends_at lifted_by lifted_at',
    ),
    personal: { reason: personal('要求的原因'), lift_reason: personal('解除的原因') },
  },
  presence: {
    purpose: '在岗、整理、暂停，用于带班',
    basis: 'staff',
    class: 'link',
    kept: 'presence',
    columns: 'tenant_id id user_id state since until',
    personal: { reason: personal('暂停原因') },
  },
  case_skip: {
    ...ledger('跳过的任务', 'tenant_id id case_id lease_id caller_id reason at'),
    personal: { note: personal('跳过说明', { kept: 'call_notes' }) },
  },
  follow_up_proof: ledger('夜间核对的结果', 'tenant_id id checked_at took_ms result'),
  case_tally: ledger(
    '任务计数',
    'tenant_id season_id grain policy_id phase round owner_id group_id state disposition result cases',
  ),
  case_tally_delta: ledger(
    '任务计数的增量',
    'tenant_id id season_id policy_id phase round owner_id group_id state disposition result cases',
  ),
  contact_tally: ledger(
    '联系计数',
    'tenant_id season_id grain caller_id group_id policy_id phase day weekday hour attempts dials contacts refusals unreached unknown_eligibility not_eligible confirmed considering withdrawing talk_seconds discarded',
  ),
  contact_tally_delta: ledger(
    '联系计数的增量',
    'tenant_id id season_id caller_id group_id policy_id phase day weekday hour attempts dials contacts refusals unreached unknown_eligibility not_eligible confirmed considering withdrawing talk_seconds discarded',
  ),
  assignment_run: ledger(
    '分配方案及下发人',
    'tenant_id id season_id seed filter limits preview state candidates input_hash job_id created_by created_at released_by released_at',
  ),
  assignment: ledger(
    '任务归属的历史：谁批准谁接触哪名考生',
    'tenant_id id case_id run_id from_user_id to_user_id to_group_id kind reason by_id at',
  ),
  escalation: {
    ...ledger(
      '转交组长和突击组',
      'tenant_id id case_id from_user_id tier to_user_id to_group_id cause evidence responsible_id state opened_at accept_by accepted_at accepted_by resolve_by ended_at ended_by next_id told_late',
    ),
    personal: {
      summary: personal('转交说明', { kept: 'call_notes' }),
      end_note: personal('处理说明', { kept: 'call_notes' }),
    },
  },
  playbook_step: {
    ...ledger(
      '联系不上时的寻找步骤',
      'tenant_id id case_id step route outcome phone_id basis done_by done_at',
    ),
    personal: { detail: sensitive('向谁了解到什么，密封', { kept: 'call_notes' }) },
  },
  withdrawal: {
    ...ledger(
      '退档申请的办理',
      'tenant_id id case_id candidate_id policy_id state reason_code uploaded_by uploaded_at checklist checked_by checked_at executed_by executed_at requested_by requested_at deadline_at remove_evidence_after',
    ),
    personal: {
      reason_text: personal('本人陈述的理由', { kept: 'withdrawals', basis: 'given' }),
      rejected_reason: personal('不予办理的理由', { kept: 'withdrawals' }),
      letter_file_id: sensitive('退档申请书，加密存放', { kept: 'letters', basis: 'given' }),
      evidence_file_id: sensitive('签字、身份证和准考证照片，加密存放', { kept: 'evidence', basis: 'given' }),
    },
  },
  wrongful_withdrawal: {
    ...ledger(
      '误退的上报和认定',
      'tenant_id id withdrawal_id reported_by reported_at trace state decided_by decided_at',
    ),
    personal: {
      description: personal('情况说明', { kept: 'withdrawals' }),
      finding: personal('认定意见', { kept: 'withdrawals' }),
    },
  },
  final_decision: ledger(
    '最终状态的双人确认',
    'tenant_id id case_id result reason proposed_by proposed_at confirmed_by confirmed_at rejected_by rejected_at rejected_reason',
  ),
  weekly_summary: ledger(
    '小组周报',
    'tenant_id id season_id group_id week_starts_on figures remarks written_by state created_at sent_at',
  ),
  export_request: {
    purpose: '谁导出了什么、为何、谁批准',
    basis: 'security',
    class: 'link',
    kept: 'exports',
    columns:
      'tenant_id id season_id kind filter reason rows receiver receiver_basis state mark requested_by requested_at approved_by decided_at decision_note job_id file_id expires_at downloads',
    personal: { password: sensitive('导出文件的密码，密封，只给申请人看，随文件删除') },
  },
};
