-- Keys of stored files, end of the audit log's past, settings of sign-in and retention.

alter table stored_file add column key_no integer not null default 1;
alter table stored_file alter column key_no drop default;
comment on column stored_file.key_no is 'Data key that sealed the object. The object names its key itself; this finds the ones a rotation still has to reseal.';

-- The audit log may lose its oldest entries after their legal period; the chain then starts at what was kept last.
alter table audit_head add column base_seq bigint not null default 0;
alter table audit_head add column base_hash bytea not null default sha256('');
comment on column audit_head.base_seq is 'Number of the last entry removed after its period; 0 while the chain is complete.';
comment on column audit_head.base_hash is 'Hash of that entry: the first one still kept signs it.';
revoke update on audit_head from zhizhao_app;
grant update (seq, hash) on audit_head to zhizhao_app;

/*
 * Removes the oldest entries of the current tenant, each chain from its beginning and never younger ones than half a year
 * (网络安全法: at least six months). Only the owner of the table can call it with effect: the application may not delete entries.
 */
create function audit_forget(before timestamptz) returns bigint language plpgsql as $$
declare
  limit_at timestamptz := least(before, now() - interval '183 days');
  head audit_head;
  last audit_entry;
  removed bigint;
  total bigint := 0;
begin
  for head in select * from audit_head h where h.tenant_id = current_tenant() order by h.stripe for update loop
    select * into last from audit_entry e
      where e.tenant_id = head.tenant_id and e.stripe = head.stripe and e.at < limit_at and e.seq < coalesce(
        (select min(y.seq) from audit_entry y where y.tenant_id = head.tenant_id and y.stripe = head.stripe and y.at >= limit_at),
        head.seq + 1)
      order by e.seq desc limit 1;
    continue when not found;
    delete from audit_entry e where e.tenant_id = head.tenant_id and e.stripe = head.stripe and e.seq <= last.seq;
    get diagnostics removed = row_count;
    total := total + removed;
    update audit_head h set base_seq = last.seq, base_hash = last.hash
      where h.tenant_id = head.tenant_id and h.stripe = head.stripe;
  end loop;
  return total;
end $$;
revoke all on function audit_forget(timestamptz) from public;

-- Incidents with personal data, whom they were told to, and when: 个人信息保护法 art. 57.

create table incident (
  tenant_id uuid not null references tenant,
  id uuid not null,
  kind text not null check (kind in ('leak', 'tamper', 'loss', 'other')),
  title text not null,
  found_at timestamptz not null,
  happened_at timestamptz check (happened_at <= found_at),
  data_kinds text not null,
  affected integer check (affected >= 0),
  cause text not null,
  harm text not null,
  measures text not null,
  self_help text not null,
  contact text not null,
  authority_due_at timestamptz not null,
  subjects_told boolean not null default true,
  subjects_reason text,
  registered_by uuid not null,
  registered_at timestamptz not null,
  alarmed_at timestamptz,
  conclusion text,
  closed_by uuid,
  closed_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, registered_by) references user_account (tenant_id, id),
  foreign key (tenant_id, closed_by) references user_account (tenant_id, id),
  constraint not_telling_has_a_reason check (subjects_told = (subjects_reason is null)),
  constraint closed_by_somebody_with_a_conclusion check (num_nonnulls(conclusion, closed_by, closed_at) in (0, 3))
);
comment on table incident is 'Leaked, changed or lost personal data: what, when found, whom it concerns, what was done. Kept; never deleted by hand.';
comment on column incident.subjects_told is 'False: measures keep all harm away, so that the persons need not be told; why stands beside it.';
create index incident_open on incident (tenant_id, authority_due_at) where closed_at is null;
call protect('incident', 'select, insert, update');

create table incident_notice (
  tenant_id uuid not null,
  id uuid not null,
  incident_id uuid not null,
  audience text not null check (audience in ('authority', 'subjects')),
  receiver text not null,
  channel text not null,
  body text not null,
  sent_at timestamptz not null,
  recorded_by uuid not null,
  recorded_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, incident_id) references incident (tenant_id, id),
  foreign key (tenant_id, recorded_by) references user_account (tenant_id, id)
);
comment on table incident_notice is 'Whom an incident was told to, when, how and in which words; insert-only.';
create index incident_notice_of on incident_notice (tenant_id, incident_id, sent_at);
call protect('incident_notice', 'select, insert');

-- Until the tables have been looked at, the planner takes a tenant for one row and joins thousands with thousands.
-- Autovacuum comes within a minute; whoever has just imported or released does not wait for it.
create function refresh_statistics() returns void
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  analyze user_account, staff_group, province_policy, candidate, phone, candidate_phone, follow_up_case, case_event, escalation;
end $$;
comment on function refresh_statistics() is 'Lets the application, which owns no table, have the planner look at what a load has filled.';
revoke all on function refresh_statistics() from public;
grant execute on function refresh_statistics() to zhizhao_app;
