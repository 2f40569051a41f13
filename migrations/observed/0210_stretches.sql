-- How each cluster stood over time, a row for each change of its verdict, in the order of `id`; see `model::stretch`.

CREATE TABLE stretches (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    cluster INTEGER NOT NULL,
    stretch TEXT NOT NULL CHECK (json_valid(stretch))
) STRICT;

CREATE INDEX stretches_by_cluster ON stretches (cluster, id);
