-- when its host first asked what it boots, over its own channel, in milliseconds; since then nobody else is told. 0 when it has not

alter table host_partition add column host_asked bigint not null default 0;
