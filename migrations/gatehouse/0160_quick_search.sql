-- Every filter of the log has a way through it from the newest record back, so that a page of it costs as much as the
-- page and not as much as the log.

CREATE INDEX records_outcome ON records (outcome, id) WHERE outcome IS NOT NULL;
-- The same as before, with the kind beside it: what an act consists of is counted without reading its records.
DROP INDEX records_act;
CREATE INDEX records_act ON records (act, id, kind);

-- What readers who are limited to some clusters see beside these: what they did, and what is about them, in no cluster.
CREATE INDEX records_own ON records (person, id, person_name, appliance) WHERE cluster IS NULL AND person IS NOT NULL;
CREATE INDEX records_about ON records ((entry ->> '$.detail.person'), id)
    WHERE cluster IS NULL AND (entry ->> '$.detail.person') IS NOT NULL;
-- Who occurs in a cluster: from name to name.
CREATE INDEX records_cluster_names ON records (cluster, person_name) WHERE cluster IS NOT NULL;

-- Records are in the order of their numbers, and not always in that of their times, because clocks are set. An index on
-- the time would have to be sorted for each page; instead each 256 records tell from when to when they reach.
DROP INDEX records_at;
CREATE TABLE record_blocks (
    block  INTEGER PRIMARY KEY,
    first  INTEGER NOT NULL,
    last   INTEGER NOT NULL,
    CHECK (first <= last)
) STRICT;

INSERT INTO record_blocks (block, first, last) SELECT id / 256, min(at), max(at) FROM records GROUP BY id / 256;

CREATE TRIGGER records_have_blocks AFTER INSERT ON records
BEGIN
    INSERT INTO record_blocks (block, first, last) VALUES (NEW.id / 256, NEW.at, NEW.at)
    ON CONFLICT (block) DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last);
END;
