-- What is written once stays as it was written. The guards on INSERT are for `INSERT OR REPLACE`, which removes the old
-- row without asking the DELETE trigger.

-- Also keeps the log without gaps: a missing number would be a removed record.
CREATE TRIGGER records_are_numbered BEFORE INSERT ON records
WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM records)
BEGIN
    SELECT RAISE(ABORT, 'Records are numbered one after the other; this number is taken or leaves a gap.');
END;

CREATE TRIGGER records_are_not_changed BEFORE UPDATE ON records
BEGIN
    SELECT RAISE(ABORT, 'A record of the log cannot be changed.');
END;

CREATE TRIGGER records_are_not_removed BEFORE DELETE ON records
BEGIN
    SELECT RAISE(ABORT, 'A record of the log cannot be removed.');
END;

CREATE TRIGGER desired_versions_are_not_replaced BEFORE INSERT ON desired_versions
WHEN EXISTS (SELECT 1 FROM desired_versions WHERE id = NEW.id OR (cluster = NEW.cluster AND number = NEW.number))
BEGIN
    SELECT RAISE(ABORT, 'A saved version of a set-up cannot be replaced.');
END;

CREATE TRIGGER desired_versions_are_not_changed BEFORE UPDATE ON desired_versions
BEGIN
    SELECT RAISE(ABORT, 'A saved version of a set-up cannot be changed.');
END;

CREATE TRIGGER desired_versions_are_not_removed BEFORE DELETE ON desired_versions
BEGIN
    SELECT RAISE(ABORT, 'A saved version of a set-up cannot be removed.');
END;

CREATE TRIGGER plans_are_not_replaced BEFORE INSERT ON plans
WHEN EXISTS (SELECT 1 FROM plans WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'A plan cannot be replaced.');
END;

CREATE TRIGGER plans_are_not_changed BEFORE UPDATE ON plans
BEGIN
    SELECT RAISE(ABORT, 'A plan cannot be changed.');
END;

CREATE TRIGGER plans_are_not_removed BEFORE DELETE ON plans
BEGIN
    SELECT RAISE(ABORT, 'A plan cannot be removed.');
END;

CREATE TRIGGER plan_runs_are_not_replaced BEFORE INSERT ON plan_runs
WHEN EXISTS (SELECT 1 FROM plan_runs WHERE plan = NEW.plan OR act = NEW.act)
BEGIN
    SELECT RAISE(ABORT, 'The run of a plan cannot be replaced.');
END;

CREATE TRIGGER plan_runs_are_not_changed BEFORE UPDATE ON plan_runs
BEGIN
    SELECT RAISE(ABORT, 'The run of a plan cannot be changed.');
END;

CREATE TRIGGER plan_runs_are_not_removed BEFORE DELETE ON plan_runs
BEGIN
    SELECT RAISE(ABORT, 'The run of a plan cannot be removed.');
END;
