-- What a plan was made from is by far the most of it, and serves one sentence: what has moved since. It has a table of its
-- own, so that it can go when the plan has run or is old. What lists say of a plan is in columns, so that no list reads one.

CREATE TABLE plan_snapshots (
    plan     INTEGER PRIMARY KEY REFERENCES plans (id),
    snapshot TEXT    NOT NULL CHECK (json_type(snapshot) = 'object')
) STRICT;

INSERT INTO plan_snapshots (plan, snapshot) SELECT id, snapshot FROM plans;
ALTER TABLE plans DROP COLUMN snapshot;

-- NULL: not counted, because nobody could read it.
ALTER TABLE plans ADD COLUMN adds INTEGER CHECK (adds >= 0);
ALTER TABLE plans ADD COLUMN changes INTEGER CHECK (changes >= 0);
ALTER TABLE plans ADD COLUMN removes INTEGER CHECK (removes >= 0);
ALTER TABLE plans ADD COLUMN unchanged INTEGER CHECK (unchanged >= 0);
ALTER TABLE plans ADD COLUMN conflicts INTEGER CHECK (conflicts >= 0);
-- Nothing is changed by it; what is running is saved.
ALTER TABLE plans ADD COLUMN only_saves INTEGER CHECK (only_saves IN (0, 1));

-- What the plans say stays as it was written: only what is counted here is added. The trigger comes back as it was.
DROP TRIGGER plans_are_not_changed;

UPDATE plans
SET adds = (SELECT count(*) FROM json_each(plan, '$.operations') WHERE value ->> '$.verb' IN ('enable', 'add', 'bind')),
    changes = (SELECT count(*) FROM json_each(plan, '$.operations')
               WHERE value ->> '$.verb' IN ('set', 'unset', 'switch_on', 'switch_off')),
    removes = (SELECT count(*) FROM json_each(plan, '$.operations') WHERE value ->> '$.verb' IN ('unbind', 'remove')),
    unchanged = json_array_length(plan, '$.unchanged'),
    conflicts = json_array_length(plan, '$.conflicts'),
    only_saves = json_array_length(plan, '$.operations') > 0
                 AND NOT EXISTS (SELECT 1 FROM json_each(plan, '$.operations') WHERE value ->> '$.verb' IS NOT 'save')
WHERE json_type(plan, '$.operations') IS 'array' AND json_type(plan, '$.unchanged') IS 'array'
  AND json_type(plan, '$.conflicts') IS 'array';

CREATE TRIGGER plans_are_not_changed BEFORE UPDATE ON plans
BEGIN
    SELECT RAISE(ABORT, 'A plan cannot be changed.');
END;
