-- how machines did in the last hour, day, week, month and year, of each in a room that does not grow (Ring): codes of 16 bits in Base64, and
-- the last minute since 1970 that is in it

create table resource_history (
  resource_id bigint primary key references resource (id) on delete cascade,
  latest bigint not null,
  steps varchar(8000) not null,
  version bigint not null
);

-- the same of all machines together; one row, once something was heard

create table site_history (
  id bigint primary key,
  latest bigint not null,
  steps varchar(8000) not null,
  version bigint not null
);
