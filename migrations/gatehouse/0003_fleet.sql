-- Appliances and the clusters behind them.

CREATE TABLE appliances (
    id                    INTEGER PRIMARY KEY,
    title                 TEXT    NOT NULL UNIQUE COLLATE NOCASE,
    spec                  TEXT    NOT NULL,
    -- Encrypted before it comes here.
    secret                BLOB    NOT NULL CHECK (length(secret) > 0),
    -- Since when the credential is not to be used; NULL: it may be.
    credential_refused_at INTEGER,
    created               INTEGER NOT NULL,
    CHECK (json_valid(spec)),
    CHECK ((spec ->> '$.title') IS title COLLATE BINARY)
) STRICT;

CREATE TABLE clusters (
    id        INTEGER PRIMARY KEY,
    title     TEXT    NOT NULL UNIQUE COLLATE NOCASE CHECK (title <> ''),
    fqdn      TEXT    NOT NULL CHECK (fqdn <> ''),
    appliance INTEGER NOT NULL REFERENCES appliances (id),
    created   INTEGER NOT NULL
) STRICT;
CREATE INDEX clusters_appliance ON clusters (appliance);
