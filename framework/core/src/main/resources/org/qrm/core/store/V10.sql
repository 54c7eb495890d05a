-- arguments of virtual environments that are on no kernel's line: values sealed by the key in QRM_DATA/secrets

create table environment_secret (
  environment varchar(63) not null references environment (name) on delete cascade,
  name varchar(64) not null,
  sealed varchar(2000) not null,
  primary key (environment, name)
);
