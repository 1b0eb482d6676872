-- phase: expand
-- breaking: no
-- Surveys of whole sources, each table with what its values look like. Samples of sensitive columns are masked before they are kept.
create table ingestion.survey (
  id uuid primary key,
  source_id uuid not null references ingestion.source,
  org_id uuid not null references security.org,
  state text not null check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  total integer not null default 0,
  done integer not null default 0,
  started_by text not null,
  queued_at timestamptz not null,
  finished_at timestamptz,
  error_code text
);
create index survey_source on ingestion.survey (source_id, id);
create index survey_org on ingestion.survey (org_id, id);
-- One at a time: a source is looked at gently.
create unique index survey_unfinished on ingestion.survey (source_id) where finished_at is null;

create table ingestion.survey_table (
  survey_id uuid not null references ingestion.survey,
  object text not null,
  kind text not null,
  comment text not null,
  news text not null check (news in ('new', 'changed', 'same', 'gone')),
  state text not null check (state in ('waiting', 'profiled', 'failed', 'accepted', 'planned')),
  estimated_rows bigint,
  sampled_rows bigint,
  -- Column profiles, and the items that are proposed for them.
  columns jsonb not null default '[]',
  items jsonb not null default '[]',
  entry_id uuid,
  revision_id uuid,
  -- Which column fills which item, once it was accepted; the plan is made of it when the entry is published.
  mapping jsonb not null default '[]',
  plan_id uuid,
  error_code text,
  primary key (survey_id, object)
);
create index survey_table_unplanned on ingestion.survey_table (entry_id) where state = 'accepted';
