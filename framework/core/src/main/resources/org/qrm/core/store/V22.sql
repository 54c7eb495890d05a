-- the last boots that fencing ended: one that reports all the same has its power

create table fenced_boot (
  resource_id bigint primary key references resource (id) on delete cascade,
  boot_id varchar(64) not null,
  node_token_hash varchar(64) not null,
  -- what it may write; empty when it shares what it mounts
  image varchar(63) not null,
  -- how it was known that it is off
  reason varchar(1000) not null,
  -- when it was told that it reports, in milliseconds; 0 when it did not
  told bigint not null default 0
);
