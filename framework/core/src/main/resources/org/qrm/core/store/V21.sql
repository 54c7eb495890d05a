-- what plug-ins have a machine told over its authenticated channel while it is bound

create table assignment_secret (
  resource_id bigint not null references assignment (resource_id) on delete cascade,
  name varchar(64) not null,
  sealed varchar(2000) not null,
  primary key (resource_id, name)
);
