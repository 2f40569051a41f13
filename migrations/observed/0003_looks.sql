-- Looks are numbered, and numbers decide which one is the newer: a clock may be set back. `ahead` is by how many
-- milliseconds the wall's clock was ahead of the time that only passes; it means something within one run of the program,
-- which begins at a number of its own.

ALTER TABLE observations ADD COLUMN good_look INTEGER;
ALTER TABLE observations ADD COLUMN good_ahead INTEGER NOT NULL DEFAULT 0;
ALTER TABLE observations ADD COLUMN failed_look INTEGER;
ALTER TABLE observations ADD COLUMN failed_ahead INTEGER NOT NULL DEFAULT 0;
UPDATE observations SET good_look = 1 WHERE snapshot IS NOT NULL;
UPDATE observations SET failed_look = CASE WHEN failures > 0 THEN 2 ELSE 0 END WHERE failure IS NOT NULL;

ALTER TABLE node_facts ADD COLUMN look INTEGER NOT NULL DEFAULT 0;
ALTER TABLE node_facts ADD COLUMN ahead INTEGER NOT NULL DEFAULT 0;
