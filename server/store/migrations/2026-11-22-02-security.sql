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
  failed_logins integer not null default 0,
  locked_until timestamptz,
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

-- Failed logins by address, so that one address cannot try many names (DJ-02).
create table security.login_failure (
  address text primary key,
  failures integer not null,
  locked_until timestamptz,
  updated_at timestamptz not null
);
