-- phase: expand
-- breaking: no
-- A change stream finds another structure without a load.
alter table ingestion.drift alter column load_id drop not null;
