-- requests by the keys that their callers gave them; without a status, the end was not noted

create table request_key (
  user_name varchar(256) not null,
  request_key varchar(200) not null,
  fingerprint varchar(64) not null,
  begun bigint not null,
  status int,
  location varchar(600),
  primary key (user_name, request_key)
);
create index request_key_begun on request_key (begun);
