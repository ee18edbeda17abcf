-- Tenants, accounts, sessions, audit, jobs, files, keys, outbox: everything without an admission word.

do $$ begin
  if not exists (select from pg_roles where rolname = 'zhizhao_app') then
    create role zhizhao_app nologin nobypassrls;
  end if;
  -- An owner who is no superuser must be a member to become this role; PostgreSQL 15 does not make the creator one, 16 not one that may.
  if not (select rolsuper from pg_roles where rolname = current_user) then
    begin
      execute 'set local role zhizhao_app';
      execute 'reset role';
    exception when insufficient_privilege then
      execute format('grant zhizhao_app to %I', current_user);
    end;
  end if;
end $$;
grant usage on schema public to zhizhao_app;

/* The tenant of the running transaction; null outside one, and then row-level security shows nothing. */
create function current_tenant() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$;

/*
 * A UUIDv7 for rows that one statement makes by the thousand; everywhere else the program makes the ids. PostgreSQL has a function for it only
 * since 18. Before, it is put together: random bytes, the milliseconds before them, and the version bits 0100 of uuid 4 turned to 0111.
 */
create function new_id() returns uuid language sql volatile parallel safe as $$
  select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;
do $$ begin
  if to_regproc('pg_catalog.uuidv7') is not null then
    create or replace function new_id() returns uuid language sql volatile parallel safe as 'select uuidv7()';
  end if;
end $$;

/* Ciphertext made by platform/crypto: version, key number, nonce, AES-256-GCM. Key rotation finds columns by this type. */
create domain sealed as bytea;

/* Turns on forced row-level security by tenant and grants the listed privileges to the application role. */
create procedure protect(table_name regclass, privileges text) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', table_name);
  execute format('alter table %s force row level security', table_name);
  execute format('create policy own_tenant on %s using (tenant_id = current_tenant()) with check (tenant_id = current_tenant())', table_name);
  execute format('grant %s on %s to zhizhao_app', privileges, table_name);
end $$;

create table tenant (
  id uuid primary key,
  code text not null unique check (code ~ '^[a-z0-9][a-z0-9_-]{0,30}$'),
  name text not null,
  kind text not null check (kind in ('institution', 'authority')),
  settings jsonb not null default '{}',
  created_at timestamptz not null default now()
);
comment on table tenant is 'An organisation whose data nobody else sees: a college or a provincial authority.';
-- The login page must find a tenant by its code before anybody is signed in; the row holds nothing personal.
alter table tenant enable row level security;
alter table tenant force row level security;
create policy everyone_reads on tenant for select using (true);
create policy own_settings on tenant for update using (id = current_tenant()) with check (id = current_tenant());
-- Only the owner of the schema holds the insert privilege that this policy presupposes.
create policy owner_creates on tenant for insert with check (true);
grant select, update (settings, name) on tenant to zhizhao_app;

create table tenant_key (
  tenant_id uuid not null references tenant,
  key_no integer not null check (key_no between 1 and 65535),
  purpose text not null check (purpose in ('data', 'index')),
  wrapped bytea not null,
  created_at timestamptz not null default now(),
  retired_at timestamptz,
  primary key (tenant_id, purpose, key_no)
);
comment on table tenant_key is 'Data and blind-index keys of a tenant, wrapped by the master key that never enters the database.';
call protect('tenant_key', 'select, insert, update (retired_at)');

create table user_account (
  tenant_id uuid not null references tenant,
  id uuid not null,
  username text not null check (username = lower(username) and length(username) between 2 and 40),
  name text not null,
  password_hash text,
  password_changed_at timestamptz,
  must_change_password boolean not null default true,
  initial_code_expires_at timestamptz,
  totp_secret sealed,
  totp_enrolled_at timestamptz,
  totp_last_step bigint not null default 0,
  failed_logins integer not null default 0,
  locked_until timestamptz,
  notice_version text,
  notice_accepted_at timestamptz,
  disabled_at timestamptz,
  expires_on date,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, username)
);
comment on table user_account is 'A person who signs in. Names of staff stay clear; the second factor is sealed.';
call protect('user_account', 'select, insert, update');

create table user_role (
  tenant_id uuid not null,
  user_id uuid not null,
  role text not null,
  granted_by uuid,
  granted_at timestamptz not null default now(),
  primary key (tenant_id, user_id, role),
  foreign key (tenant_id, user_id) references user_account (tenant_id, id)
);
comment on table user_role is 'Roles a person holds; several are normal. What a role may do is a table in the code.';
call protect('user_role', 'select, insert, delete');

create table recovery_code (
  tenant_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  code_hash bytea not null,
  used_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references user_account (tenant_id, id)
);
comment on table recovery_code is 'One-time substitutes for the second factor, hashed.';
create index recovery_code_of_user on recovery_code (tenant_id, user_id);
call protect('recovery_code', 'select, insert, update, delete');

create table session (
  tenant_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  token_hash bytea not null,
  stage text not null check (stage in ('signed_in', 'totp', 'enrol_totp', 'change_password', 'notice')),
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  fresh_until timestamptz,
  totp_failures integer not null default 0,
  pending_totp_secret sealed,
  ip text,
  user_agent text,
  ended_at timestamptz,
  end_reason text,
  primary key (tenant_id, id),
  unique (tenant_id, token_hash),
  foreign key (tenant_id, user_id) references user_account (tenant_id, id),
  check ((ended_at is null) = (end_reason is null))
);
comment on table session is 'Signed-in browsers. The token itself is known to the browser only; stored is its hash.';
create index session_open_of_user on session (tenant_id, user_id) where ended_at is null;
call protect('session', 'select, insert, update');

/*
 * Opens a request: sets the tenant of the transaction and finds the live session, its person and roles, in one round trip.
 * Returns no row when the session is ended, idle too long, past its absolute limit, or its person disabled or expired. `used` is false for
 * what a page asks by itself while nobody sits before it: that keeps no session alive (GB/T 22239-2019 8.1.4.1 b). Use is written down once a
 * minute, or once in a tenth of a shorter limit: else who works on would be idle.
 */
create function open_session(tenant uuid, hash bytea, idle interval, used boolean)
returns table (session_id uuid, user_id uuid, user_name text, username text, stage text, fresh_until timestamptz, roles text[], at timestamptz)
language plpgsql as $$
begin
  perform set_config('app.tenant_id', tenant::text, true);
  update session s set last_seen_at = now()
    where used and s.tenant_id = tenant and s.token_hash = hash and s.ended_at is null
      and s.last_seen_at < now() - least(interval '1 minute', idle / 10) and s.last_seen_at > now() - idle and s.expires_at > now();
  return query
    select s.id, u.id, u.name, u.username, s.stage, s.fresh_until,
      array(select r.role from user_role r where r.tenant_id = tenant and r.user_id = u.id order by 1), now()
    from session s join user_account u on u.tenant_id = s.tenant_id and u.id = s.user_id
    where s.tenant_id = tenant and s.token_hash = hash and s.ended_at is null
      and s.last_seen_at > now() - idle and s.expires_at > now()
      and u.disabled_at is null and (u.expires_on is null or u.expires_on >= (now() at time zone 'Asia/Shanghai')::date);
end $$;

create table audit_head (
  tenant_id uuid not null references tenant,
  stripe smallint not null,
  seq bigint not null,
  hash bytea not null,
  primary key (tenant_id, stripe)
);
comment on table audit_head is 'End of each hash chain of the audit log; a row is the lock under which its chain grows.';
call protect('audit_head', 'select, insert, update');

create table audit_entry (
  tenant_id uuid not null references tenant,
  stripe smallint not null,
  seq bigint not null,
  at timestamptz not null,
  actor_id uuid,
  actor_name text not null,
  ip text,
  request_id text,
  action text not null,
  subject_type text not null,
  subject_id text,
  reason text,
  body jsonb not null,
  hash bytea not null,
  primary key (tenant_id, stripe, seq)
);
comment on table audit_entry is 'Who did or read what, when and why. The application may add rows and never change one.';
create index audit_entry_by_subject on audit_entry (tenant_id, subject_type, subject_id, at desc);
create index audit_entry_by_time on audit_entry (tenant_id, at desc);
call protect('audit_entry', 'select, insert');

/*
 * The bytes that a chain link signs; verification computes the same text again. What may be missing or is typed by people stands quoted:
 * otherwise a text moved into the empty column beside it would sign the same. Stable as its parts are, so that it is taken in line.
 */
create function audit_text(e audit_entry) returns text language sql stable as $$
  select concat_ws('|', e.tenant_id, e.stripe, e.seq, extract(epoch from e.at)::numeric(20, 6), quote_nullable(e.actor_id::text),
    quote_nullable(e.actor_name), quote_nullable(e.ip), quote_nullable(e.request_id), quote_nullable(e.action), quote_nullable(e.subject_type),
    quote_nullable(e.subject_id), quote_nullable(e.reason), e.body::text)
$$;

/*
 * Appends one audit entry to a chain of the tenant. A transaction stays on the chain that it took first, and takes
 * one that nobody holds, so that writers neither wait nor deadlock while there are free chains.
 */
create function append_audit(tenant uuid, entry jsonb) returns void language plpgsql as $$
declare
  mine smallint := nullif(current_setting('app.audit_stripe', true), '')::smallint;
  head audit_head;
  row audit_entry;
begin
  if mine is null then
    select * into head from audit_head h where h.tenant_id = tenant
      order by (h.stripe + pg_backend_pid()) % 64 limit 1 for update skip locked;
    if head.tenant_id is null then
      select * into strict head from audit_head h where h.tenant_id = tenant and h.stripe = pg_backend_pid() % 64 for update;
    end if;
    perform set_config('app.audit_stripe', head.stripe::text, true);
  else
    select * into strict head from audit_head h where h.tenant_id = tenant and h.stripe = mine for update;
  end if;
  row := jsonb_populate_record(null::audit_entry, entry);
  row.tenant_id := tenant;
  row.stripe := head.stripe;
  row.seq := head.seq + 1;
  row.at := coalesce(row.at, clock_timestamp());
  row.body := coalesce(row.body, '{}');
  row.hash := sha256(head.hash || convert_to(audit_text(row), 'UTF8'));
  insert into audit_entry values (row.*);
  update audit_head h set seq = row.seq, hash = row.hash where h.tenant_id = tenant and h.stripe = head.stripe;
end $$;

create table job (
  tenant_id uuid not null references tenant,
  id uuid not null,
  kind text not null,
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'refused', 'failed')),
  payload jsonb not null default '{}',
  progress jsonb not null default '{}',
  result jsonb,
  error text,
  created_by uuid,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  primary key (tenant_id, id)
);
comment on table job is 'Long work that a person started and may leave: state, progress and report.';
create index job_recent on job (tenant_id, kind, created_at desc);
call protect('job', 'select, insert, update');

create table stored_file (
  tenant_id uuid not null references tenant,
  id uuid not null,
  purpose text not null,
  name text not null,
  media_type text not null,
  size_bytes bigint not null check (size_bytes >= 0),
  sha256 bytea not null,
  created_by uuid,
  created_at timestamptz not null default now(),
  remove_after timestamptz,
  removed_at timestamptz,
  primary key (tenant_id, id)
);
comment on table stored_file is 'What lies in the file store, encrypted; the path there is made by the server from the id.';
call protect('stored_file', 'select, insert, update');

create table outbox_message (
  tenant_id uuid not null references tenant,
  id uuid not null,
  channel text not null,
  recipient sealed not null,
  body sealed not null,
  reference text,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed', 'recalled')),
  attempts integer not null default 0,
  next_at timestamptz not null default now(),
  last_error text,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  primary key (tenant_id, id)
);
comment on table outbox_message is 'Messages written in the transaction that causes them and sent after its commit.';
comment on column outbox_message.state is 'recalled: what caused it was undone before it left; it is never sent.';
comment on column outbox_message.reference is 'What caused it, e.g. an attempt; a recall finds it by this.';
create index outbox_cause on outbox_message (tenant_id, reference) where state = 'waiting';
create index outbox_due on outbox_message (tenant_id, next_at) where state = 'waiting';
call protect('outbox_message', 'select, insert, update');

create table idempotency_key (
  tenant_id uuid not null references tenant,
  user_id uuid not null,
  key text not null check (length(key) between 8 and 100),
  request_hash bytea not null,
  status integer,
  reply sealed,
  created_at timestamptz not null default now(),
  primary key (tenant_id, user_id, key)
);
comment on table idempotency_key is 'Result of a command under the key its sender chose: a retry gets the first answer and changes nothing.';
create index idempotency_key_age on idempotency_key (tenant_id, created_at);
call protect('idempotency_key', 'select, insert, update, delete');

create table notice (
  tenant_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  title text not null,
  body text not null,
  link text,
  created_at timestamptz not null default now(),
  read_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references user_account (tenant_id, id)
);
comment on table notice is 'What the platform tells a person inside the workbench: a returned case, an escalation, a finished job.';
create index notice_of_user on notice (tenant_id, user_id, created_at desc);
call protect('notice', 'select, insert, update (read_at)');

create table server_instance (
  id uuid primary key,
  seen_at timestamptz not null,
  workers text[] not null default '{}'
);
comment on table server_instance is 'Living server processes, so that the jobs of a dead one are taken over.';
