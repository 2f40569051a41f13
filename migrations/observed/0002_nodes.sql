-- What was read last of each XMS node, each part with its time.

CREATE TABLE node_facts (
    cluster INTEGER NOT NULL,
    address TEXT    NOT NULL,
    facts   TEXT    NOT NULL CHECK (json_valid(facts)),
    PRIMARY KEY (cluster, address)
) STRICT, WITHOUT ROWID;
