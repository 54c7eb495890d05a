-- receivers outside that are told of events

-- tells the events of this log from those of others
create table event_origin (
  id int primary key,
  uuid varchar(36) not null
);

create table subscription (
  name varchar(63) primary key,
  target varchar(2000) not null,
  at_least smallint not null,
  type_prefix varchar(63) not null,
  source varchar(63) not null,
  subject varchar(120) not null,
  enabled boolean not null,
  sealed varchar(1000),
  -- number of the event up to which all is done
  place bigint not null,
  delivered bigint not null,
  delivered_at bigint not null,
  lost bigint not null,
  attempts int not null,
  failure varchar(300) not null,
  next_attempt bigint not null,
  -- who delivers: one server, until then
  fence bigint not null,
  held_by varchar(36),
  held_until bigint not null
);
