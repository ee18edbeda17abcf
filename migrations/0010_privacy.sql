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
