-- whether its host has asked what it boots, over its own channel: then nobody else is told

alter table host_partition add column asked_by_host boolean not null default false;
