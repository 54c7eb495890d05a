-- calls of plug-ins by operations: noted before, forgotten when they return; what the server ended in stays

create table operation_call (
  operation_id bigint not null references operation (id),
  called varchar(120) not null,
  under_way boolean not null,
  server_ends int not null,
  primary key (operation_id, called)
);
