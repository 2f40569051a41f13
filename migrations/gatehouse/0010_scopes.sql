-- What people may see, whether they may come in, and when they were last here.

-- An admin manages people and appliances for everybody: never limited to some clusters.
ALTER TABLE persons ADD COLUMN scoped INTEGER NOT NULL DEFAULT 0
    CHECK (scoped IN (0, 1) AND (scoped = 0 OR role <> 'admin'));
-- Since when they cannot sign in; NULL: they can. People are never removed, because the log names them.
ALTER TABLE persons ADD COLUMN disabled_at INTEGER;
-- Outlives their sessions.
ALTER TABLE persons ADD COLUMN last_seen INTEGER;
UPDATE persons SET last_seen = (SELECT max(last_seen) FROM sessions WHERE person = persons.id);

-- The clusters of those who are limited to some.
CREATE TABLE person_clusters (
    person  INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    cluster INTEGER NOT NULL REFERENCES clusters (id) ON DELETE CASCADE,
    PRIMARY KEY (person, cluster)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_clusters_cluster ON person_clusters (cluster);

-- A person with their scope: NULL for all clusters, else the JSON list of their clusters' numbers, which may be empty.
CREATE VIEW people AS
SELECT id, name, role, password_hash, created, disabled_at, last_seen,
       CASE scoped WHEN 1 THEN (SELECT json_group_array(cluster) FROM person_clusters WHERE person = persons.id) END
           AS scope
FROM persons;

-- For "from" and "to" of the log's filters.
CREATE INDEX records_at ON records (at, id);
