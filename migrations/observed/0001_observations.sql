-- What was seen last. This file may be deleted at any time: the next observation fills it again.

CREATE TABLE observations (
    appliance INTEGER PRIMARY KEY,
    -- The last good snapshot, and when it was taken.
    snapshot  TEXT,
    seen_at   INTEGER,
    -- The last failure as a sentence, and when it was.
    failure   TEXT,
    failed_at INTEGER,
    -- How many attempts in a row have failed since the last good one.
    failures  INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
    CHECK ((snapshot IS NULL) = (seen_at IS NULL)),
    CHECK ((failure IS NULL) = (failed_at IS NULL)),
    CHECK (failures = 0 OR failure IS NOT NULL),
    CHECK (snapshot IS NOT NULL OR failures > 0)
) STRICT;
