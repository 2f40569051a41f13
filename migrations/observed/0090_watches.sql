-- Since when each finding and each verdict of a cluster is so, from look to look; see `model::since`.

CREATE TABLE watches (
    cluster INTEGER PRIMARY KEY,
    watch   TEXT NOT NULL CHECK (json_valid(watch))
) STRICT;
