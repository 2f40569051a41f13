-- Whether an appliance's own log could be read when it was last asked who had changed what.
CREATE TABLE own_logs (
    appliance  INTEGER PRIMARY KEY,
    asked      INTEGER NOT NULL,
    told       TEXT NOT NULL
) STRICT;
