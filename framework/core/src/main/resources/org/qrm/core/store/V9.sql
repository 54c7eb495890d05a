-- what a machine was when it was admitted: uuid, serial number, cards, and the boot image that saw them; and who has an address

alter table resource add column pinned varchar(2000);

create index resource_address on resource (address);
