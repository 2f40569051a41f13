-- Which lines of an appliance's own log were read already, so that none becomes a record twice. Not in observed.db: when
-- that is lost, the records are still there.

CREATE TABLE appliance_lines (
    id        INTEGER PRIMARY KEY,
    appliance INTEGER NOT NULL REFERENCES appliances (id) ON DELETE CASCADE,
    -- SHA-256 of the line, and how many of the same were before it in the same answer.
    mark      BLOB    NOT NULL CHECK (length(mark) = 32),
    UNIQUE (appliance, mark)
) STRICT;
