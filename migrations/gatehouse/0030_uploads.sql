-- Certificates that were uploaded and wait to go to an appliance. Their contents are encrypted before they come here.

CREATE TABLE uploads (
    id      INTEGER PRIMARY KEY,
    cluster INTEGER NOT NULL REFERENCES clusters (id),
    -- The certificate key that will be made of it.
    name    TEXT    NOT NULL CHECK (name <> ''),
    -- Files, names, dates and what the check found; nothing secret.
    summary TEXT    NOT NULL CHECK (json_type(summary) = 'object'),
    sealed  BLOB    NOT NULL CHECK (length(sealed) > 0),
    by_name TEXT    NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX uploads_cluster ON uploads (cluster, id);
