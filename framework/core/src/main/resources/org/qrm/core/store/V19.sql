-- what plug-ins are answered about machines that are expected, until these come: as resource_answer has it

create table expected_machine_answer (
  expected_id bigint not null references expected_machine (id) on delete cascade,
  plugin varchar(63) not null references plugin (id) on delete cascade,
  answers varchar(16000) not null,
  sealed varchar(16000),
  primary key (expected_id, plugin)
);
