-- whom a thing belongs to, as people say; empty when nobody said

alter table resource add column owner varchar(120) not null default '';

alter table environment add column owner varchar(120) not null default '';

alter table filesystem_image add column owner varchar(120) not null default '';

alter table boot_image add column owner varchar(120) not null default '';

alter table storage_server add column owner varchar(120) not null default '';

alter table expected_machine add column owner varchar(120) not null default '';

-- what others should know of it, Markdown; apart from the things, so that nobody who reads these reads it; none has no row

create table resource_note (
  resource_id bigint primary key references resource (id) on delete cascade,
  note varchar(10000) not null
);

create table environment_note (
  environment varchar(63) primary key references environment (name) on delete cascade,
  note varchar(10000) not null
);

create table filesystem_image_note (
  filesystem_image varchar(63) primary key references filesystem_image (name) on delete cascade,
  note varchar(10000) not null
);

create table boot_image_note (
  boot_image varchar(63) primary key references boot_image (name) on delete cascade,
  note varchar(10000) not null
);

create table storage_server_note (
  storage_server varchar(63) primary key references storage_server (name) on delete cascade,
  note varchar(10000) not null
);
