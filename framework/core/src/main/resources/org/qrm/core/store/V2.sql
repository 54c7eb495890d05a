-- partitions, as the server wants them on their hosts

create table partition_mac (
  mac varchar(17) primary key,
  given bigint not null
);

create table host_partition (
  resource_id bigint primary key,
  host_id bigint not null,
  plugin varchar(63) not null,
  cpus int not null,
  cpu_mhz int not null,
  memory_mb bigint not null,
  pinned_cpus varchar(200) not null,
  state varchar(10) not null,
  reason varchar(1000) not null,
  wanted boolean not null,
  host_boot varchar(64)
);
create index host_partition_host on host_partition (host_id, resource_id);
