-- phase: expand
-- breaking: no
-- A consent to an extension is an opinion too, and changes nothing of the version that it is about.

alter table catalog.opinion drop constraint opinion_pkey;
alter table catalog.opinion add primary key (revision_id, edit, event);
