-- secret answers are sealed by the key in QRM_DATA/secrets; "answer" is empty then

alter table plugin_answer add column sealed varchar(9000);
