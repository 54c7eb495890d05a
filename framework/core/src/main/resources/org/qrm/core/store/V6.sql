create table plugin_at_first (
  plugin varchar(63) primary key
);
