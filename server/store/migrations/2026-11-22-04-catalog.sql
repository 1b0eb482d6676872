-- phase: expand
-- breaking: no
-- The one ledger: business systems, catalog entries with their versions, and the data resources bound to them.
create schema catalog;

-- Running numbers: one per class of resource codes (2017 guide), and one for system codes.
create table catalog.serial (
  class text primary key,
  last integer not null
);

create table catalog.system (
  id uuid primary key,
  code text not null unique,
  org_id uuid not null references security.org,
  name text not null,
  short_name text not null,
  description text not null,
  state text not null check (state in ('planned', 'building', 'in_use', 'retired')),
  network text not null,
  protection_level smallint,
  duty text not null,
  go_live_on date,
  builder text not null,
  no_data_reason text not null,
  version integer not null default 1,
  unique (org_id, name)
);
create index system_org on catalog.system (org_id, code);

-- One row per catalog entry. The columns from name to item_count repeat what lists, counts and searches need of the
-- published content (of the draft while nothing is published); the content itself stands in catalog.revision.
create table catalog.entry (
  id uuid primary key,
  -- Resource code; given at the first publication and never changed.
  code text unique,
  provider_org_id uuid not null references security.org,
  state text not null check (state in ('unpublished', 'published', 'withdrawing', 'withdrawn')),
  name text not null,
  abstract text not null,
  system_id uuid references catalog.system,
  category text not null,
  sharing_type text not null,
  open_type text not null,
  update_cycle text not null,
  level text not null,
  item_count integer not null,
  -- Number of the published revision; 0 before the first.
  version integer not null default 0,
  published_on date,
  published_revision_id uuid,
  open_revision_id uuid,
  -- The open revision has been handed to the data authority, which may read it from then on.
  reached_bureau boolean not null default false,
  withdrawal_reason text,
  announced_on date,
  effective_on date,
  -- Facts kept by loads and grants; never counted on a request.
  rows bigint,
  loaded_at timestamptz,
  -- First day on which the data are past their update cycle.
  past_cycle_on date,
  user_count integer not null default 0,
  -- Counts the changes that a search can see; the index is compared with it.
  row_version integer not null default 1
);
-- A provider has no two entries of one name, but the name of a withdrawn entry or a discarded draft is free.
create unique index entry_name on catalog.entry (provider_org_id, name) where state in ('published', 'withdrawing') or open_revision_id is not null;
create index entry_provider on catalog.entry (provider_org_id, id);
create index entry_system on catalog.entry (system_id, id);
-- Nearly every entry is published: an index over all states would mislead the planner where nobody has run ANALYZE (PGlite).
create index entry_system_published on catalog.entry (system_id) where state in ('published', 'withdrawing');
create index entry_not_published on catalog.entry (state, id) where state <> 'published';
create index entry_without_data on catalog.entry (id) where state in ('published', 'withdrawing') and loaded_at is null;
create index entry_past_cycle on catalog.entry (past_cycle_on) where state in ('published', 'withdrawing') and past_cycle_on is not null;

-- Every version of an entry's content, kept for ever. Published content is never edited.
create table catalog.revision (
  id uuid primary key,
  entry_id uuid not null references catalog.entry,
  number integer not null,
  state text not null check (state in ('draft', 'department_review', 'bureau_review', 'returned', 'published', 'superseded', 'discarded')),
  content jsonb not null,
  change_reason text not null,
  author_name text not null,
  -- Everyone who wrote or submitted it: none of them may pass it (no self-approval).
  contributor_ids text[] not null,
  department_reviewer_id text,
  reached_bureau boolean not null default false,
  -- Counts the edits: a save names the one it started from.
  edit integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (entry_id, number)
);
create unique index revision_open on catalog.revision (entry_id) where state in ('draft', 'department_review', 'bureau_review', 'returned');
create index revision_review on catalog.revision (state, id) where state in ('department_review', 'bureau_review');
alter table catalog.entry add foreign key (published_revision_id) references catalog.revision deferrable initially deferred;
alter table catalog.entry add foreign key (open_revision_id) references catalog.revision deferrable initially deferred;

-- Who did what to a revision on its way, with the opinion given; edit is the revision's own count after the step.
create table catalog.opinion (
  revision_id uuid not null references catalog.revision,
  edit integer not null,
  at timestamptz not null,
  person_name text not null,
  org_name text not null,
  event text not null,
  opinion text not null,
  primary key (revision_id, edit)
);

-- Data bound to an entry 挂接. lake_table is the one pointer to the live table of the lake: a load that succeeds moves it.
create table catalog.resource (
  id uuid primary key,
  entry_id uuid not null references catalog.entry,
  kind text not null check (kind in ('api', 'table', 'file')),
  name text not null,
  lake_table text not null,
  rows bigint not null,
  loaded_at timestamptz not null,
  past_cycle_on date,
  unique (entry_id, kind)
);
