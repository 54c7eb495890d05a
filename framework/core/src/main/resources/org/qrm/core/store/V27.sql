-- what machines are grouped by; the server looks once more what they are found by, and fills it then

alter table resource add column product varchar(200) not null default '';

update resource set found_by = null;
