-- The one log. `entry` holds the canonical bytes, written once; the other columns repeat parts of it for searching and
-- can never say something else. No references to people, clusters or appliances: the log outlives what it tells of.

CREATE TABLE records (
    id          INTEGER PRIMARY KEY CHECK (id > 0),
    -- The number of the act's first record.
    act         INTEGER NOT NULL REFERENCES records (id),
    at          INTEGER NOT NULL,
    kind        TEXT    NOT NULL,
    person      INTEGER,
    person_name TEXT    NOT NULL COLLATE NOCASE,
    cluster     INTEGER,
    appliance   INTEGER,
    outcome     TEXT,
    summary     TEXT    NOT NULL,
    entry       TEXT    NOT NULL,
    CHECK (json_valid(entry)),
    CHECK ((entry ->> '$.act') IS act),
    CHECK ((entry ->> '$.kind') IS kind),
    CHECK ((entry ->> '$.actor.person') IS person),
    CHECK ((entry ->> '$.cluster') IS cluster),
    CHECK ((entry ->> '$.appliance') IS appliance),
    CHECK ((entry ->> '$.outcome') IS outcome)
) STRICT;
CREATE INDEX records_act ON records (act, id);
CREATE INDEX records_kind ON records (kind, id);
CREATE INDEX records_person ON records (person_name, id);
CREATE INDEX records_cluster ON records (cluster, id) WHERE cluster IS NOT NULL;
CREATE INDEX records_appliance ON records (appliance, id) WHERE appliance IS NOT NULL;
