-- whether machines have power, as who switches them told last, why they do not tell, and until when an operation explains a change

alter table resource add column power varchar(7) not null default 'UNKNOWN';

alter table resource add column power_since bigint;

alter table resource add column power_problem varchar(300) not null default '';

alter table resource add column power_asked bigint not null default 0;

-- one row: the server that asks who switches them, until then

create table power_watch (
  id int primary key,
  held_by varchar(36) not null,
  held_until bigint not null
);

insert into power_watch (id, held_by, held_until) values (1, '', 0);
