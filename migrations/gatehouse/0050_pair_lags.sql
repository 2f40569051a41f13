-- What a run did on the primary of a pair and its peer has not taken over: one row an appliance, until the pair was seen
-- to synchronise.

CREATE TABLE pair_lags (
    appliance  INTEGER PRIMARY KEY REFERENCES appliances (id) ON DELETE CASCADE,
    -- When the last of the operations was done, and by which run.
    since      INTEGER NOT NULL,
    act        INTEGER NOT NULL,
    operations INTEGER NOT NULL CHECK (operations > 0),
    cause      TEXT    NOT NULL,
    -- A synchronisation was seen to run since then, or was ordered.
    syncing    INTEGER NOT NULL DEFAULT 0 CHECK (syncing IN (0, 1))
) STRICT;
