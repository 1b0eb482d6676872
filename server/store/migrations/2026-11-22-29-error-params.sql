-- phase: expand
-- breaking: no
-- Errors are kept by their code and what is special about them, so that everybody reads them in his language. What went wrong before
-- keeps its words in error_detail.

alter table ingestion.load add column error_params jsonb;
alter table ingestion.stream add column error_params jsonb;
alter table ingestion.turn add column error_params jsonb;
