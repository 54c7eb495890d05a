-- what is asked again and again, without a look at all machines, or at all that was ever told

create index event_open on event (resolved, priority, acknowledged, type);

-- the name in small letters (RFC 4343)
alter table resource add column host_name varchar(63);

update resource set host_name = lower(name);

create index resource_host_name on resource (host_name);
