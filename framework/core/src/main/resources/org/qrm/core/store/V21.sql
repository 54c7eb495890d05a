-- what plug-ins have a machine told over its authenticated channel while it is bound

create table assignment_secret (
  resource_id bigint not null references assignment (resource_id) on delete cascade,
  name varchar(64) not null,
  sealed varchar(2000) not null,
  primary key (resource_id, name)
);

-- contents of images that storage servers keep

create table image_snapshot (
  image varchar(63) not null references filesystem_image (name) on delete cascade,
  name varchar(63) not null,
  state varchar(10) not null,
  reason varchar(2000) not null,
  taken bigint,
  description varchar(1000) not null,
  primary key (image, name)
);
