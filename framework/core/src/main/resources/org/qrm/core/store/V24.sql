-- why an operation failed or was cancelled, whole: JSON, whose sentence is the reason

alter table operation add column problem varchar(4000);
