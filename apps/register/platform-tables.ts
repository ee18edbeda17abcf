import { personal, type Register, sensitive } from './words.ts';

/** Tables of the platform: accounts, sign-in, log, jobs, files, messages. */
export const PLATFORM_TABLES: Register = {
  tenant: {
    purpose: '使用本平台的单位及其设置',
    basis: 'none',
    class: 'none',
    kept: 'configuration',
    columns: 'id code name kind settings created_at',
  },
  tenant_key: {
    purpose: '单位的数据密钥，由库外主密钥包裹',
    basis: 'none',
    class: 'none',
    kept: 'configuration',
    columns: 'tenant_id key_no purpose wrapped created_at retired_at',
  },
  user_account: {
    purpose: '工作人员账号、登录和双因素验证',
    basis: 'staff',
    class: 'link',
    kept: 'account',
    columns:
      'tenant_id id password_changed_at must_change_password initial_code_expires_at totp_enrolled_at totp_last_step failed_logins locked_until notice_version notice_accepted_at disabled_at expires_on created_at',
    personal: {
      name: personal('工作人员姓名，同事之间需要看到', { kept: 'accounts' }),
      username: personal('登录账号，多为工号', { kept: 'accounts' }),
      password_hash: sensitive('密码的 argon2id 散列', { kept: 'accounts' }),
      totp_secret: sensitive('动态口令密钥，密封', { kept: 'accounts' }),
    },
  },
  user_role: {
    purpose: '角色授权及授权人',
    basis: 'staff',
    class: 'link',
    kept: 'account',
    columns: 'tenant_id user_id role granted_by granted_at',
  },
  recovery_code: {
    purpose: '动态口令丢失时的一次性恢复码',
    basis: 'security',
    class: 'link',
    kept: 'account',
    columns: 'tenant_id id user_id used_at',
    personal: { code_hash: sensitive('恢复码的散列') },
  },
  session: {
    purpose: '已登录的浏览器，识别异常登录',
    basis: 'security',
    class: 'link',
    kept: 'sessions',
    columns:
      'tenant_id id user_id stage created_at last_seen_at expires_at fresh_until totp_failures ended_at end_reason',
    personal: {
      token_hash: sensitive('登录凭证的散列'),
      pending_totp_secret: sensitive('绑定中的动态口令密钥，密封'),
      ip: personal('网络地址，用于发现盗用'),
      user_agent: personal('浏览器名称，用于本人核对设备'),
    },
  },
  audit_head: {
    purpose: '审计日志各链的末端，防篡改',
    basis: 'none',
    class: 'none',
    kept: 'configuration',
    columns: 'tenant_id stripe seq hash base_seq base_hash',
  },
  audit_entry: {
    purpose: '谁在何时做了什么，查处违规用',
    basis: 'security',
    class: 'link',
    kept: 'audit',
    columns: 'tenant_id stripe seq at actor_id request_id action subject_type subject_id hash',
    personal: {
      actor_name: personal('操作人姓名'),
      ip: personal('操作时的网络地址'),
      reason: personal('操作人写的理由'),
      body: personal('变更前后，敏感值已脱敏'),
    },
  },
  job: {
    purpose: '后台任务的进度和结果',
    basis: 'admission',
    class: 'link',
    kept: 'jobs',
    columns:
      'tenant_id id kind state payload progress result error created_by created_at started_at ended_at',
  },
  stored_file: {
    purpose: '加密文件库的目录',
    basis: 'admission',
    class: 'link',
    kept: 'files',
    columns:
      'tenant_id id purpose media_type size_bytes sha256 created_by created_at remove_after removed_at key_no',
    personal: { name: personal('上传时的文件名，可能含姓名') },
  },
  outbox_message: {
    purpose: '待发送的短信和邮件',
    basis: 'admission',
    class: 'link',
    kept: 'outbox',
    columns: 'tenant_id id channel reference state attempts next_at last_error created_at sent_at',
    personal: { recipient: sensitive('收信号码，密封'), body: personal('正文，密封') },
  },
  idempotency_key: {
    purpose: '重复提交时给出同一应答',
    basis: 'admission',
    class: 'link',
    kept: 'idempotency_keys',
    columns: 'tenant_id user_id key request_hash status created_at',
    personal: { reply: personal('应答内容，密封') },
  },
  notice: {
    purpose: '工作台内的提醒',
    basis: 'staff',
    class: 'link',
    kept: 'notices',
    columns: 'tenant_id id user_id title link created_at read_at',
    personal: { body: personal('提醒内容，可能含脱敏的考生姓名') },
  },
  server_instance: {
    purpose: '在运行的服务进程',
    basis: 'none',
    class: 'none',
    kept: 'configuration',
    columns: 'id seen_at workers',
  },
  migration: {
    purpose: '已执行的数据库升级',
    basis: 'none',
    class: 'none',
    kept: 'configuration',
    columns: 'name applied_at',
  },
};
