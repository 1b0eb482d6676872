-- phase: expand
-- breaking: no
-- How long wrong rows have waited for somebody: since when a plan has had open ones without a break.

alter table ingestion.plan add column quarantine_since timestamptz;
update ingestion.plan as p
  set quarantine_since = coalesce((select l.finished_at from ingestion.load l where l.id = p.quarantine_load_id), now())
  where p.open_quarantine > 0;
