-- phase: expand
-- breaking: no
-- Agents 前置机 in departments' networks, and what they deliver. Received slices are files `delivery/<id>/<number>.native.zst`
-- until their load has ended.
create table ingestion.agent (
  id uuid primary key,
  org_id uuid not null references security.org,
  name text not null,
  state text not null,
  -- SHA-256 of the one-time enrolment code, and its end.
  code_hash text,
  code_expires_at timestamptz,
  -- Ed25519, DER (SPKI) in base64. The private key never leaves the agent.
  public_key text,
  host text,
  version text,
  last_seen_at timestamptz,
  created_at timestamptz not null,
  unique (org_id, name)
);

create table ingestion.agent_connection (
  agent_id uuid not null references ingestion.agent,
  name text not null,
  kind text not null,
  ok boolean not null,
  detail text not null,
  -- Tables and columns as the agent reported them; no values.
  structure jsonb not null default '{"objects": []}',
  reported_at timestamptz not null,
  primary key (agent_id, name)
);

-- Signatures are good once (reliability A22).
create table ingestion.agent_nonce (
  agent_id uuid not null,
  nonce text not null,
  seen_at timestamptz not null,
  primary key (agent_id, nonce)
);
create index agent_nonce_seen on ingestion.agent_nonce using brin (seen_at);

create table ingestion.delivery (
  id uuid primary key,
  agent_id uuid not null references ingestion.agent,
  load_id uuid not null unique references ingestion.load,
  state text not null,
  -- What the agent is to read, as it was ordered.
  content jsonb not null,
  manifest jsonb,
  -- The signed request that said what was sent: signature base and signature, evidence of the origin.
  evidence jsonb,
  error jsonb,
  ordered_at timestamptz not null,
  finished_at timestamptz
);
create index delivery_open on ingestion.delivery (agent_id, ordered_at) where state in ('ordered', 'sending');

create table ingestion.delivery_slice (
  delivery_id uuid not null references ingestion.delivery,
  number integer not null,
  bytes bigint not null,
  sha256 text not null,
  received_at timestamptz not null,
  primary key (delivery_id, number)
);
