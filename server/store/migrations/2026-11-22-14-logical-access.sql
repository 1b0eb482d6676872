-- phase: expand
-- breaking: no
-- Logical access 逻辑接入: entries whose data stay at their source.
create table ingestion.logical (
  -- One per entry; the lake has an empty table of its name, which says what the items are.
  entry_id uuid primary key references catalog.entry,
  org_id uuid not null references security.org,
  source_id uuid not null references ingestion.source,
  object text not null,
  -- [{item, column}]
  mapping jsonb not null,
  cache_seconds integer not null check (cache_seconds >= 0),
  answer_when_away boolean not null,
  lake_table text not null unique,
  bound_by text not null,
  bound_at timestamptz not null
);

alter table catalog.resource drop constraint resource_kind_check;
alter table catalog.resource add constraint resource_kind_check check (kind in ('api', 'table', 'file', 'logical'));
