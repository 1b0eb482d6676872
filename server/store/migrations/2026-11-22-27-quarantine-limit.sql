-- phase: expand
-- breaking: no
-- A number of quarantined rows above which a load stops, beside their share.

-- Null: the share alone decides.
alter table ingestion.plan add column quarantine_row_limit bigint check (quarantine_row_limit >= 0);
