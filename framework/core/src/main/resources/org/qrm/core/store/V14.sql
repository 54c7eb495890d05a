-- what plug-ins were answered about machines: JSON, by question; those that are secret sealed, as JSON, too

create table resource_answer (
  resource_id bigint not null references resource (id) on delete cascade,
  plugin varchar(63) not null references plugin (id) on delete cascade,
  answers varchar(16000) not null,
  sealed varchar(16000),
  primary key (resource_id, plugin)
);
