-- Sessions that are over, for a while: whoever still has one's token is told why.
CREATE TABLE ended_sessions (
    token_hash BLOB    PRIMARY KEY CHECK (length(token_hash) = 32),
    why        TEXT    NOT NULL CHECK (why IN ('ended', 'password_set', 'password_changed', 'disabled', 'expired')),
    -- Who did it, as they were called then; empty: nobody.
    by_name    TEXT    NOT NULL,
    at         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX ended_sessions_at ON ended_sessions (at);
