-- tags of machines, those that an environment needs, and those that a machine is expected with: |gpu=|rack=7|

alter table resource add column tags varchar(4200) not null default '';

alter table environment add column tags varchar(4200) not null default '';

alter table expected_machine add column tags varchar(4200) not null default '';
