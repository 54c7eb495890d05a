-- what machines found in themselves, and what placement wants of it

create table device (
  resource_id bigint not null references resource (id) on delete cascade,
  place int not null,
  kind varchar(16) not null,
  name varchar(64) not null,
  size_mb bigint not null,
  serial varchar(64) not null,
  model varchar(64) not null,
  details varchar(64) not null,
  primary key (resource_id, place)
);

alter table resource add column disk_gb int not null default 0;

alter table resource add column gpus int not null default 0;

alter table environment add column disk_gb int not null default 0;

alter table environment add column gpus int not null default 0;
