-- What a cluster should be, the plans to get there, the runs of the plans, and what thereby belongs to Gatehouse.

CREATE TABLE desired_versions (
    id           INTEGER PRIMARY KEY,
    cluster      INTEGER NOT NULL REFERENCES clusters (id),
    number       INTEGER NOT NULL CHECK (number > 0),
    desired      TEXT    NOT NULL CHECK (json_type(desired) = 'object'),
    made_by      INTEGER REFERENCES persons (id),
    made_by_name TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    UNIQUE (cluster, number),
    -- Lets a plan say "this version, of this cluster".
    UNIQUE (id, cluster)
) STRICT;

CREATE TABLE plans (
    id           INTEGER PRIMARY KEY,
    cluster      INTEGER NOT NULL REFERENCES clusters (id),
    version      INTEGER NOT NULL,
    plan         TEXT    NOT NULL CHECK (json_type(plan) = 'object'),
    -- What it was made from.
    snapshot     TEXT    NOT NULL CHECK (json_type(snapshot) = 'object'),
    made_by      INTEGER REFERENCES persons (id),
    made_by_name TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    act          INTEGER NOT NULL REFERENCES records (id),
    FOREIGN KEY (version, cluster) REFERENCES desired_versions (id, cluster)
) STRICT;
CREATE INDEX plans_cluster ON plans (cluster, id);

-- A plan runs once. The run itself is folded from the records of its act.
CREATE TABLE plan_runs (
    plan INTEGER PRIMARY KEY REFERENCES plans (id),
    act  INTEGER NOT NULL UNIQUE REFERENCES records (id)
) STRICT;

-- What Gatehouse made or adopted; nothing else is touched.
CREATE TABLE owned_objects (
    appliance INTEGER NOT NULL REFERENCES appliances (id),
    kind      TEXT    NOT NULL,
    key       TEXT    NOT NULL CHECK (json_type(key) = 'array'),
    cluster   INTEGER NOT NULL REFERENCES clusters (id),
    since     INTEGER NOT NULL,
    act       INTEGER NOT NULL REFERENCES records (id),
    PRIMARY KEY (appliance, kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX owned_objects_cluster ON owned_objects (cluster);
