-- People, their sessions, and what the sign-in page needs to know. All times are milliseconds UTC.

CREATE TABLE persons (
    id            INTEGER PRIMARY KEY,
    name          TEXT    NOT NULL UNIQUE COLLATE NOCASE CHECK (name <> ''),
    role          TEXT    NOT NULL CHECK (role IN ('viewer', 'operator', 'admin', 'auditor')),
    password_hash TEXT    NOT NULL CHECK (password_hash <> ''),
    created       INTEGER NOT NULL
) STRICT;

-- The token itself is known to the browser alone; here is its SHA-256.
CREATE TABLE sessions (
    token_hash BLOB    PRIMARY KEY CHECK (length(token_hash) = 32),
    person     INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    created    INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    expires    INTEGER NOT NULL,
    from_addr  TEXT    NOT NULL,
    agent      TEXT    NOT NULL,
    CHECK (expires > created)
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_person ON sessions (person);
CREATE INDEX sessions_expires ON sessions (expires);

-- The token that lets the first person in. At most one row; taken once.
CREATE TABLE bootstrap (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    token_hash BLOB    NOT NULL CHECK (length(token_hash) = 32)
) STRICT;

CREATE TABLE sign_in_failures (
    id        INTEGER PRIMARY KEY,
    name      TEXT    NOT NULL COLLATE NOCASE,
    from_addr TEXT    NOT NULL,
    at        INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_failures_name ON sign_in_failures (name, at);
CREATE INDEX sign_in_failures_from ON sign_in_failures (from_addr, at);
CREATE INDEX sign_in_failures_at ON sign_in_failures (at);

-- Small things with one value: the installation's id and the like.
CREATE TABLE settings (
    key   TEXT PRIMARY KEY CHECK (key <> ''),
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
