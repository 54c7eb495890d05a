-- how an environment is healed when a machine of it is lost; tags as in V11

alter table environment add column heal varchar(10) not null default 'NONE';

alter table environment add column heal_attempts int not null default 3;

alter table environment add column heal_after int not null default 0;

alter table environment add column heal_tags varchar(4200) not null default '';

-- machines that were lost, how far their replacement is, what it waits for, the machine that is taken instead, and the operation
-- that is at work on it: first the healing, then the start

create table healing (
  environment varchar(63) not null references environment (name) on delete cascade,
  resource_id bigint not null,
  stage varchar(12) not null,
  attempts int not null,
  urged boolean not null,
  waits varchar(1000) not null,
  spare bigint,
  operation_id bigint not null,
  changed bigint not null,
  primary key (environment, resource_id)
);

-- one row: since when so many machines are lost at once that healing waits, or null

create table healing_storm (
  id int primary key,
  since bigint
);

insert into healing_storm (id) values (1);
