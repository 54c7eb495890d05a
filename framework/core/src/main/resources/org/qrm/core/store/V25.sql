-- operations on many things: what became of each; and what an operation says it is at

create table operation_part (
  operation_id bigint not null constraint operation_part_of references operation (id),
  place int not null,
  -- resource/17
  subject varchar(120) not null,
  -- as it was called then
  name varchar(63) not null,
  state varchar(10) not null,
  -- the operation that is about this one alone
  carried_by bigint,
  reason varchar(1000) not null,
  primary key (operation_id, place)
);

create index operation_part_state on operation_part (operation_id, state, place);

alter table operation add column doing varchar(200) not null default '';

-- the operation on many that it is a part of
alter table operation add column part_of bigint;

create index operation_part_of on operation (part_of, id);
