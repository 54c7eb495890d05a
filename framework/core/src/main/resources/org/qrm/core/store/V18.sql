-- machines that left an environment without being seen to leave its image, and what they had booted then: until they boot anew, or are
-- off, they may still write it

create table possible_writer (
  resource_id bigint primary key references resource (id) on delete cascade,
  image varchar(63) not null,
  boot_id varchar(64) not null,
  -- when it was last to be fenced, in milliseconds, and what came of it
  tried bigint not null default 0,
  told varchar(1000) not null default ''
);

-- machines that were lost before that are no storm any more, since a person said so; in milliseconds

alter table healing_storm add column go_on bigint not null default 0;

-- subscriptions whose receivers are mail; what a receiver did not take although it took others was passed over

alter table subscription add column login varchar(200) not null default '';

alter table subscription add column sender varchar(254) not null default '';

alter table subscription add column recipients varchar(2600) not null default '';

alter table subscription add column refused bigint not null default 0;
