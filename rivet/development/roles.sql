-- The three roles and the database of Rivet, for psql. Run as a superuser, any number of times.
-- The passwords come from the environment, so that none is ever part of a command line.
\set ON_ERROR_STOP on
\getenv owner_password RIVET_OWNER_PASSWORD
\getenv app_password RIVET_APP_PASSWORD
\getenv dispatch_password RIVET_DISPATCH_PASSWORD

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY['rivet_owner', 'rivet_app', 'rivet_dispatch']) AS name
WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = name)
\gexec

-- Owns every table and runs the migrations. Row-level security is forced, so it binds the owner too.
ALTER ROLE rivet_owner LOGIN NOSUPERUSER NOBYPASSRLS INHERIT PASSWORD :'owner_password';
-- What web and workers sign in as. NOINHERIT: the rights of rivet_dispatch are there only between
-- SET ROLE rivet_dispatch and RESET ROLE.
ALTER ROLE rivet_app LOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT PASSWORD :'app_password';
ALTER ROLE rivet_dispatch LOGIN NOSUPERUSER NOBYPASSRLS INHERIT PASSWORD :'dispatch_password';
GRANT rivet_dispatch TO rivet_app;

SELECT 'CREATE DATABASE rivet OWNER rivet_owner'
WHERE NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = 'rivet')
\gexec
