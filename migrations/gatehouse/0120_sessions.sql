-- Whose session it was that is over, and more ways for one to end: what its owner typed meanwhile comes back to them.
CREATE TABLE ended (
    token_hash BLOB    PRIMARY KEY CHECK (length(token_hash) = 32),
    -- NULL: from before this was kept.
    person     INTEGER REFERENCES persons (id) ON DELETE CASCADE,
    why        TEXT    NOT NULL CHECK (why IN ('ended', 'password_set', 'password_changed', 'disabled', 'expired',
                                               'signed_out', 'replaced')),
    -- Who did it, as they were called then; empty: nobody.
    by_name    TEXT    NOT NULL,
    at         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO ended (token_hash, why, by_name, at) SELECT token_hash, why, by_name, at FROM ended_sessions;
DROP TABLE ended_sessions;
ALTER TABLE ended RENAME TO ended_sessions;
CREATE INDEX ended_sessions_at ON ended_sessions (at);

-- A session whose owner may do other things than before gets another token at its next request. The one before is good
-- for a moment longer, because a page's requests come together.
ALTER TABLE sessions ADD COLUMN renew INTEGER NOT NULL DEFAULT 0 CHECK (renew IN (0, 1));
ALTER TABLE sessions ADD COLUMN was BLOB CHECK (was IS NULL OR length(was) = 32);
ALTER TABLE sessions ADD COLUMN was_until INTEGER NOT NULL DEFAULT 0;
CREATE INDEX sessions_was ON sessions (was) WHERE was IS NOT NULL;
