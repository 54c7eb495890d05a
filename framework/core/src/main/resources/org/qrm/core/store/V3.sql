create table plugin_draft (
  plugin varchar(63) not null references plugin (id),
  question varchar(63) not null,
  answer varchar(4000) not null,
  primary key (plugin, question)
);
