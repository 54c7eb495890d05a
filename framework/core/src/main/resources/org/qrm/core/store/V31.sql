-- the devices that an environment needs, as a list of texts in JSON: each is in the kind, the model or the serial number of one

alter table environment add column devices varchar(3000) not null default '[]';
