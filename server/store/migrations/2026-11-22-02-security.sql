-- phase: expand
-- breaking: no
-- Organisations, people, roles and sessions. Passwords are scrypt hashes; session tokens are stored hashed.
create schema security;

create table security.org (
  id uuid primary key,
  name text not null unique,
  short_name text not null,
  kind text not null,
  uscc text unique,
  region_code text not null,
  parent_id uuid references security.org,
  active boolean not null default true
);

create table security.person (
  id uuid primary key,
  -- NFKC-folded and lower case: the form that is compared.
  login_key text not null unique,
  login_name text not null,
  display_name text not null,
  password_hash text not null,
  password_changed_at timestamptz not null,
  must_change_password boolean not null default true,
  -- Hashes of earlier passwords, newest first (DJ-01: the last five are refused).
  password_history text[] not null default '{}',
  active boolean not null default true
);

create table security.membership (
  person_id uuid not null references security.person,
  org_id uuid not null references security.org,
  roles text[] not null,
  primary key (person_id, org_id)
);
create index membership_org on security.membership (org_id);

create table security.session (
  token_hash text primary key,
  person_id uuid not null references security.person,
  org_id uuid not null references security.org,
  csrf_token text not null,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  address text
);
create index session_person on security.session (person_id);

-- Attempts to sign in that did not succeed, by login name (`name:…`, also of nobody) and by address (`address:…`), so that
-- neither one account nor many can be guessed at (DJ-02). An attempt counts before its password is looked at.
create table security.login_attempt (
  subject text primary key,
  failures integer not null,
  locked_until timestamptz,
  updated_at timestamptz not null
);
create index login_attempt_updated on security.login_attempt (updated_at);
create index session_expires on security.session (expires_at);
create index session_org on security.session (org_id);

-- Who saw what under which decision.
create index event_decision on platform.event (decision_id, seq) where decision_id is not null;
