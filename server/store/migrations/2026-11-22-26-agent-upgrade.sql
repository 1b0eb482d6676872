-- phase: expand
-- breaking: no
-- Upgrades of agents 前置机, ordered in the city. SHA-256 of the program that an agent runs; null: the one it was installed with.
alter table ingestion.agent add column program_sha256 text;

create table ingestion.agent_upgrade (
  id uuid primary key,
  agent_id uuid not null references ingestion.agent,
  -- The program, as it was ordered: the agent runs nothing else.
  version text not null,
  sha256 text not null,
  bytes integer not null,
  state text not null,
  error jsonb,
  ordered_at timestamptz not null,
  changed_at timestamptz not null
);
create index agent_upgrade_agent on ingestion.agent_upgrade (agent_id, id);
create unique index agent_upgrade_open on ingestion.agent_upgrade (agent_id) where state in ('offered', 'downloading', 'installed');
