-- phase: expand
-- breaking: no
alter table ingestion.plan add column drift_policy text not null default 'freeze' check (drift_policy in ('evolve', 'freeze', 'quarantine'));
-- The source's structure that the plan was made for, names and types only; null until it is known.
alter table ingestion.plan add column structure jsonb;

-- Structures that were found to differ from the known one, and what was decided.
create table ingestion.drift (
  id uuid primary key,
  plan_id uuid not null references ingestion.plan,
  entry_id uuid not null,
  org_id uuid not null references security.org,
  -- Version of the entry in force when it was found.
  entry_version integer not null,
  load_id uuid not null,
  policy text not null,
  state text not null check (state in ('open', 'accepted', 'refused', 'applied', 'gone')),
  found_at timestamptz not null,
  before jsonb not null,
  after jsonb not null,
  changes jsonb not null,
  -- The draft of the entry that was proposed for new columns.
  revision_id uuid,
  decided_by text,
  decided_at timestamptz,
  reason text not null default ''
);
create index drift_plan on ingestion.drift (plan_id, id);
create index drift_org on ingestion.drift (org_id, id);
-- A plan waits for one decision at a time.
create unique index drift_undecided on ingestion.drift (plan_id) where state in ('open', 'refused');
