-- what a machine is found by beside its name, its address and its tags: its cards' addresses in each spelling, serial number,
-- product, vendor, UUID, in small letters, each on a line of its own; null until the server has looked
alter table resource add column found_by varchar(6000);
