-- Keys of stored files, end of the audit log's past, settings of sign-in and retention.

alter table stored_file add column key_no integer not null default 1;
alter table stored_file alter column key_no drop default;
comment on column stored_file.key_no is 'Data key that sealed the object. The object names its key itself; this finds the ones a rotation still has to reseal.';
