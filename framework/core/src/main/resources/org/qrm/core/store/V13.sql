-- the last entry of the audit log that was forgotten, on which the first that is there hangs

alter table audit_head add column pruned_id bigint not null default 0;

alter table audit_head add column pruned_hash varchar(64) not null default '';
