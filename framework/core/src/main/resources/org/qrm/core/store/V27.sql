-- what machines are grouped by; the server looks once more what they are found by, and fills it then

alter table resource add column product varchar(200) not null default '';

update resource set found_by = null;

-- queries of lists that users come back to

create table saved_filter (
  user_name varchar(200) not null,
  name varchar(63) not null,
  -- RESOURCES
  list varchar(30) not null,
  query varchar(500) not null,
  primary key (user_name, name)
);
