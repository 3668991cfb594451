"""The tables of the sandbox."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS companies (
    id TEXT PRIMARY KEY, provider TEXT NOT NULL, name TEXT NOT NULL, scenario TEXT NOT NULL,
    settings TEXT NOT NULL, created_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS sequences (
    company TEXT NOT NULL, name TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (company, name)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS documents (
    seq INTEGER PRIMARY KEY,
    company TEXT NOT NULL, entity TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
    number TEXT COLLATE NOCASE, name_key TEXT, party TEXT, txn_date TEXT,
    total_cents INTEGER NOT NULL, balance_cents INTEGER NOT NULL, side TEXT,
    active INTEGER NOT NULL, status TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS documents_id ON documents (company, entity, id);
CREATE INDEX IF NOT EXISTS documents_number ON documents (company, number, entity) WHERE number IS NOT NULL;
CREATE INDEX IF NOT EXISTS documents_name ON documents (company, name_key, entity) WHERE name_key IS NOT NULL;
CREATE INDEX IF NOT EXISTS documents_open ON documents (company, side, party) WHERE balance_cents <> 0;
CREATE INDEX IF NOT EXISTS documents_party ON documents (company, entity, party, txn_date);
CREATE INDEX IF NOT EXISTS documents_updated ON documents (company, entity, updated_at);

CREATE TABLE IF NOT EXISTS tombstones (
    company TEXT NOT NULL, entity TEXT NOT NULL, id TEXT NOT NULL, deleted_at TEXT NOT NULL,
    PRIMARY KEY (company, entity, id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS accounts (
    company TEXT NOT NULL, id TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
    side TEXT, PRIMARY KEY (company, id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS postings (
    seq INTEGER PRIMARY KEY,
    company TEXT NOT NULL, entity TEXT NOT NULL, document TEXT NOT NULL, date TEXT NOT NULL,
    account TEXT NOT NULL, cents INTEGER NOT NULL, party TEXT, class TEXT
);
CREATE INDEX IF NOT EXISTS postings_document ON postings (company, document, entity);
CREATE INDEX IF NOT EXISTS postings_account ON postings (company, account, date, cents);
CREATE INDEX IF NOT EXISTS postings_alone ON postings (company) WHERE entity='Allocation';

CREATE TABLE IF NOT EXISTS replies (
    company TEXT NOT NULL, key TEXT NOT NULL, saved_at REAL NOT NULL, request TEXT NOT NULL,
    answer BLOB NOT NULL,
    PRIMARY KEY (company, key)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS files (
    company TEXT NOT NULL, id TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (company, id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS apps (
    client_id TEXT PRIMARY KEY, secret TEXT NOT NULL, name TEXT NOT NULL, redirect_uris TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS grants (
    id TEXT PRIMARY KEY, provider TEXT NOT NULL, client_id TEXT NOT NULL, user TEXT NOT NULL,
    scopes TEXT NOT NULL, companies TEXT NOT NULL, created_at REAL NOT NULL, revoked_at REAL,
    data TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS tokens (
    value TEXT PRIMARY KEY, kind TEXT NOT NULL, grant_id TEXT NOT NULL, issued_at REAL NOT NULL,
    expires_at REAL NOT NULL, ended_at REAL, data TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tokens_grant ON tokens (grant_id, kind);
"""

# What the query planner believes of a large sandbox, so that a number or a name always beats the order of a list,
# whether there are ten documents or a million. Rows, then rows per value of the first column, of the first two …
STATISTICS = """
ANALYZE tombstones;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('documents', 'documents_id', '1000000 250000 50000 1'),
    ('documents', 'documents_number', '900000 230000 2 1'),
    ('documents', 'documents_name', '900000 230000 2 1'),
    ('documents', 'documents_open', '500000 120000 60000 5000'),
    ('documents', 'documents_party', '1000000 250000 50000 5000 10'),
    ('documents', 'documents_updated', '1000000 250000 50000 3'),
    ('postings', 'postings_document', '3000000 750000 3 3'),
    ('postings', 'postings_account', '3000000 750000 30000 100 2');
ANALYZE sqlite_schema;
"""
